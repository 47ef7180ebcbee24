"""Turns what ssh says on its stderr into what is wrong and what to do."""

from menuvo_ops.errors import Unreachable

_NO_WAY = (
    "Could not resolve hostname",
    "Connection refused",
    "timed out",
    "No route to host",
    "Network is unreachable",
    "Connection reset by peer",
    "Connection closed by",
    "kex_exchange_identification",
)


def explain(address: str, said: str) -> Unreachable:
    """`said` is the stderr of an ssh that gave up by itself (exit code 255)."""
    name = _name(address)
    if "REMOTE HOST IDENTIFICATION HAS CHANGED" in said:
        return Unreachable(
            f"{address} shows another host key than the one that is known.",
            hint=f"{_last(said)}\nWas the server installed anew? Then forget the old key with:"
            f" ssh-keygen -R {name}\nand accept the new one: {_accept(address)}\nElse somebody may"
            " be in between: do not go on.",
        )
    if "Host key verification failed" in said:
        return Unreachable(
            f"The host key of {address} is not known here.",
            hint=f"Accept it once: {_accept(address)}\nWhere no person is, put the line that"
            f" `ssh-keyscan {name}` prints on a trusted machine into the file of --known-hosts.",
        )
    if "UNPROTECTED PRIVATE KEY FILE" in said:
        return Unreachable(
            "The private key can be read by others, so ssh does not use it.",
            hint="Make it yours alone: chmod 600 and the file of the key.",
        )
    if "Permission denied" in said:
        return Unreachable(
            f"{address} does not let us in.",
            hint=f"{_last(said)}\nIs the public key in ~/.ssh/authorized_keys of that user on the"
            " server, and is --identity its private one? A key with a passphrase must be in the"
            " agent.",
        )
    if any(words in said for words in _NO_WAY):
        return Unreachable(
            f"{address} cannot be reached.",
            hint=f"{_last(said)}\nIs the name right, is the server running, and does its firewall"
            " let ssh in?",
        )
    return Unreachable(f"ssh to {address} failed.", hint=_last(said))


def _name(address: str) -> str:
    """As known_hosts files it: another port than the usual one is part of the name."""
    host = address.removeprefix("ssh://").rpartition("@")[2].rstrip("/")
    name, _, port = host.rpartition(":")
    if not address.startswith("ssh://") or not name or host.endswith("]"):
        return host.strip("[]")
    return f"'[{name.strip('[]')}]:{port}'"


def _accept(address: str) -> str:
    return (
        f"ssh {address}\nand compare the fingerprint with the one that the server itself prints:"
        " ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"
    )


def _last(said: str, *, lines: int = 4) -> str:
    """Without the frame that ssh draws around warnings."""
    told = [line for line in said.strip().splitlines() if line.strip("@ ")]
    return "\n".join(told[-lines:])
