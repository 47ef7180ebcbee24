"""How the server is come into: as whoever was named, and as the user who deploys."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.commands import ssh
from menuvo_ops.errors import CommandFailed, ServerUnfit
from menuvo_ops.machines import findings
from menuvo_ops.machines.findings import Finding
from menuvo_ops.machines.items import Item
from menuvo_ops.machines.keys import keys_in
from menuvo_ops.machines.script import DEPLOY_USER, Given, Verb, script
from menuvo_ops.shipping.ssh import Connection, Host, connected


@dataclass(frozen=True)
class Login:
    address: str
    identity: Path | None = None
    known_hosts: Path | None = None

    def as_deploy(self) -> "Login":
        prefix = "ssh://" if self.address.startswith("ssh://") else ""
        host = self.address.removeprefix(prefix).rpartition("@")[2]
        return Login(f"{prefix}{DEPLOY_USER}@{host}", self.identity, self.known_hosts)

    @contextmanager
    def opened(self) -> Generator[Connection]:
        """A connection of its own, whichever others there are."""
        host = Host(self.address)
        with connected(host, identity=self.identity, known_hosts=self.known_hosts) as connection:
            yield connection


@dataclass(frozen=True)
class Root:
    """What may be done on the server by whoever came in, who is root or may become it."""

    connection: Connection
    given: Given

    def do(self, verb: Verb, items: Sequence[Item] = ()) -> Iterator[Finding]:
        """Raises ServerUnfit where root cannot be become, Unreachable when the connection ends."""
        text = script(verb, items, self.given)
        lines = self.connection.follow(ssh.as_root(), text, what="Asking the server")
        try:
            yield from findings.read(lines)
        except CommandFailed as failure:
            raise ServerUnfit(
                f"{self.connection.way.address} cannot become root.",
                hint=f"{failure.hint}\nCome in as root, or as a user whose sudo asks for nothing.",
            ) from None


def keys_that_let_in(connection: Connection) -> list[str]:
    """The public keys of whoever came in, as far as ssh was told of them by a file."""
    printed = connection.execute(ssh.print_keys(), what="Reading the keys that let you in")
    return keys_in(printed)
