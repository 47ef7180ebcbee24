"""A real sshd on a free port, with keys of its own.

It runs as an ordinary user, because one that root runs wants a user and a folder of the system.
Where we are root, that user is one of a user namespace: the files stay ours, and the login is
called `deploy`.
"""

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.system.bed.cache import cache

from menuvo_ops.errors import OpsError
from menuvo_ops.local.packages import library_path, unpack
from menuvo_ops.local.ports import free_port
from menuvo_ops.local.running import running

_UID = 1000
# Both steps are namespaces: the first may mount, the second is the ordinary user.
_AS_DEPLOY = (
    *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"),
    'mount --bind "$0" /etc/passwd && mount --bind "$1" /etc/group && shift &&'
    f' exec unshare --user --map-user={_UID} --map-group={_UID} -- "$@"',
)


@dataclass(frozen=True)
class _Greeting:
    port: int

    def healthy(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as client:
                return client.recv(4) == b"SSH-"
        except OSError:
            return False


@dataclass(frozen=True)
class SshServer:
    port: int
    user: str
    identity: Path
    known_hosts: Path
    home: Path
    log: Path

    @property
    def address(self) -> str:
        return f"ssh://{self.user}@127.0.0.1:{self.port}"


@contextmanager
def running_sshd(folder: Path, *, environment: Mapping[str, str]) -> Generator[SshServer]:
    """`environment` is what logins find there."""
    root = _unpacked()
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    for key in ("host", "identity"):
        make_key(folder / key)
    port = free_port()
    public = (folder / "host.pub").read_text()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}")
    (folder / "sshd_config").write_text(_configuration(folder, root, port, environment))
    sshd = [str(root / "usr/sbin/sshd"), "-D", "-e", "-f", str(folder / "sshd_config")]
    user = "deploy" if os.geteuid() == 0 else getpass.getuser()
    log = folder / "sshd.log"
    with running(
        _as_user(sshd, folder),
        log=log,
        probe=_Greeting(port),
        env={"LD_LIBRARY_PATH": library_path(root)},
    ):
        yield SshServer(port, user, folder / "identity", folder / "known_hosts", home, log)


def make_key(path: Path) -> None:
    argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", str(path)]
    subprocess.run(argv, check=True)


def _configuration(folder: Path, root: Path, port: int, environment: Mapping[str, str]) -> str:
    lines = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {folder}/host",
        f"AuthorizedKeysFile {folder}/identity.pub",
        "PidFile none",
        # The folders above are of whoever runs the tests.
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "SetEnv " + " ".join(f'"{name}={value}"' for name, value in environment.items()),
    ]
    # Since 9.8 the server is of several programs, which it looks for in the system.
    for option, program in (("SshdSessionPath", "sshd-session"), ("SshdAuthPath", "sshd-auth")):
        if (path := root / "usr/lib/openssh" / program).exists():
            lines.append(f"{option} {path}")
    return "\n".join([*lines, ""])


def _as_user(argv: list[str], folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return argv
    users, groups = folder / "passwd", folder / "group"
    users.write_text(f"deploy:x:{_UID}:{_UID}::{folder}/home:/bin/sh\n")
    groups.write_text(f"deploy:x:{_UID}:\n")
    return [*_AS_DEPLOY, str(users), str(groups), *argv]


def _unpacked() -> Path:
    if shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        pytest.skip("There is no ssh on this machine.")
    if Path("/usr/sbin/sshd").exists():
        return Path("/")
    folder = cache() / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return unpack("openssh-server", into=folder, say=print)
    except OpsError as refusal:
        pytest.skip(f"There is no sshd on this machine: {refusal.message}")
