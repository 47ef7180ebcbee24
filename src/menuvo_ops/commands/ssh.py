"""The system's ssh as argument lists: it asks nobody, and trusts no key that it does not know."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_CONNECT_SECONDS = 15
# A connection that says nothing for so long is given up.
_ALIVE_SECONDS, _ALIVE_TIMES = 5, 4
# Should we be killed, the shared connection goes by itself.
_IDLE_SECONDS = 60


@dataclass(frozen=True)
class Way:
    """How a machine is reached. `address` is `user@host`, `ssh://user@host:port` or a name of the
    user's own configuration; `control` is the socket of the connection that all calls share."""

    address: str
    control: Path
    identity: Path | None = None
    known_hosts: Path | None = None


def execute(way: Way, argv: Sequence[str]) -> list[str]:
    return _ssh(way, "-T", "--", way.address, shlex.join(argv))


def close(way: Way) -> list[str]:
    """End the shared connection; fails when there is none."""
    return _ssh(way, "-O", "exit", "--", way.address)


def resolve(way: Way) -> list[str]:
    """Print what ssh makes of the address: `hostname`, `port` and more, one a line."""
    return _ssh(way, "-G", "--", way.address)


def _ssh(way: Way, *arguments: str) -> list[str]:
    options = [
        *("BatchMode=yes", "StrictHostKeyChecking=yes"),
        f"ConnectTimeout={_CONNECT_SECONDS}",
        f"ServerAliveInterval={_ALIVE_SECONDS}",
        f"ServerAliveCountMax={_ALIVE_TIMES}",
        *("ControlMaster=auto", f"ControlPath={way.control}", f"ControlPersist={_IDLE_SECONDS}"),
        # The user's configuration may know the machine by name; what else it does is not ours.
        *("ForwardAgent=no", "ClearAllForwardings=yes", "PermitLocalCommand=no"),
    ]
    if way.known_hosts:
        options += [f'UserKnownHostsFile="{way.known_hosts}"', "GlobalKnownHostsFile=/dev/null"]
        options += ["UpdateHostKeys=no"]
    if way.identity:
        options += [f'IdentityFile="{way.identity}"', "IdentitiesOnly=yes"]
    return ["ssh", *(part for option in options for part in ("-o", option)), *arguments]


def look_around() -> list[str]:
    """A shell that reads its script from stdin, whatever shell the login has."""
    return ["sh", "-s"]


def as_root() -> list[str]:
    """As root, a shell that reads its script from stdin; its first argument is the port of sshd."""
    script = (
        'port=${SSH_CONNECTION##* }; if [ "$(id -u)" = 0 ]; then exec sh -s "$port"; fi; '
        'exec sudo -n sh -s "$port"'
    )
    return ["sh", "-c", script]


def may_be_root() -> list[str]:
    return ["sudo", "-n", "true"]


def print_keys() -> list[str]:
    return ["sh", "-c", "cat ~/.ssh/authorized_keys 2>/dev/null || true"]


def log_in(registry: str, user: str) -> list[str]:
    """The token comes by stdin."""
    return ["docker", "login", registry, "--username", user, "--password-stdin"]


def hash_of(file: str) -> list[str]:
    """Print the SHA-256 of a file, or nothing where there is none."""
    return ["sh", "-c", '[ ! -e "$1" ] || sha256sum <"$1"', "menuvo", file]


def receive(target: str, sha256: str) -> list[str]:
    """Write stdin to a file, whole or not at all: a connection that breaks looks like an end."""
    script = (
        'umask 077; partial="$1.$$.partial"; mkdir -p -- "$(dirname -- "$1")" || exit 1; '
        "trap 'rm -f -- \"$partial\"' EXIT; "
        'cat >"$partial" && echo "$2  $partial" | sha256sum -c - >/dev/null && '
        'mv -f -- "$partial" "$1"'
    )
    return ["sh", "-c", script, "menuvo", target, sha256]


def run_release(
    pyz: str, arguments: Sequence[str], *, environment: Mapping[str, str] | None = None
) -> list[str]:
    """Unbuffered, so that its lines come when they are written."""
    given = [f"{name}={value}" for name, value in (environment or {}).items()]
    return [*(["env", *given] if given else []), "python3", "-u", pyz, *arguments]


def then_remove(folder: str, argv: Sequence[str]) -> list[str]:
    """Run a program, and remove a folder when it has ended, also when nobody waits any more."""
    script = (
        'folder=$1; shift; trap : HUP INT TERM; "$@"; code=$?; rm -rf -- "$folder"; exit "$code"'
    )
    return ["sh", "-c", script, "menuvo", folder, *argv]
