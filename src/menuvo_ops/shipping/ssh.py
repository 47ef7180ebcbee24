"""A release file on another machine: looked at, copied and run over one connection of ssh."""

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from menuvo_ops.commands import ssh
from menuvo_ops.errors import CommandFailed, MissingProgram, Usage
from menuvo_ops.runner import run
from menuvo_ops.shipping.machine import QUESTION, Machine, judge
from menuvo_ops.shipping.refusals import explain
from menuvo_ops.shipping.remote import Remote, started

# What ssh says is read, and not only shown.
_IN_ENGLISH = {**os.environ, "LC_ALL": "C"}
# What ssh itself ends with; none of our commands does.
SSH_FAILED = 255
_ADDRESS = re.compile(
    r"(?:[\w.+-]+@)?[\w.:%-]+"  # deploy@example.org, or a name of ~/.ssh/config
    r"|ssh://(?:[\w.+-]+@)?(?:[\w.-]+|\[[0-9A-Fa-f:.%]+\])(?::\d{1,5})?/?"
)


@dataclass(frozen=True)
class Host:
    """`deploy@example.org`, `ssh://deploy@example.org:2222`, or a name of ~/.ssh/config."""

    address: str

    def __post_init__(self) -> None:
        if self.address.startswith("-") or not _ADDRESS.fullmatch(self.address):
            raise Usage(
                f"{self.address!r} is no address of a server.",
                hint="Write user@host, or ssh://user@host:port.",
            )


@contextmanager
def connected(
    host: Host, *, identity: Path | None = None, known_hosts: Path | None = None
) -> Generator["Connection"]:
    """All that is done through it goes over one connection, which the first use opens."""
    for option, file in (("--identity", identity), ("--known-hosts", known_hosts)):
        if file and not file.is_file():
            raise Usage(f"{option}: there is no file {file}.")
    # In a folder that only we may enter: who reaches the socket is in.
    with tempfile.TemporaryDirectory(prefix="menuvo-ssh-") as folder:
        way = ssh.Way(
            host.address,
            control=Path(folder) / "c",
            identity=identity and identity.resolve(),
            known_hosts=known_hosts and known_hosts.resolve(),
        )
        try:
            yield Connection(way)
        finally:
            subprocess.run(ssh.close(way), capture_output=True, check=False)


@dataclass(frozen=True)
class Connection:
    way: ssh.Way

    def look_around(self) -> Machine:
        """Raises Unreachable when there is no way in, ServerUnfit when something is missing."""
        printed = self._run(ssh.look_around(), QUESTION.encode(), what="Looking at the server")
        return judge(self.way.address, printed)

    def address_of_host(self) -> str:
        """The name or number of the machine, whatever ssh's configuration calls it."""
        printed = run(ssh.resolve(self.way), what="Asking ssh for the address")
        settings = dict(line.split(" ", 1) for line in printed.splitlines() if " " in line)
        return settings["hostname"]

    def execute(self, argv: Sequence[str], stdin: str = "", *, what: str) -> str:
        """Return what it printed; raises Unreachable, or CommandFailed with what it said."""
        return self._run(argv, stdin.encode(), what=what)

    def follow(self, argv: Sequence[str], stdin: str, *, what: str) -> Iterator[str]:
        """Yield what a program prints, line by line as it comes.

        Raises Unreachable, or CommandFailed, when it ended badly; not to whoever had read enough.
        """
        with TemporaryFile("w+") as given, TemporaryFile("w+") as said:
            given.write(stdin)
            given.seek(0)
            with subprocess.Popen(
                ssh.execute(self.way, argv),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                errors="replace",
                env=_IN_ENGLISH,
            ) as process:
                for line in cast("IO[str]", process.stdout):
                    yield line.rstrip("\n")
            said.seek(0)
            self._require_success(process.returncode, said.read(), what)

    def copy(self, file: Path, target: str) -> None:
        """For the login alone, whole or not at all; `target` may be relative to its home."""
        content = file.read_bytes()
        argv = ssh.receive(target, hashlib.sha256(content).hexdigest())
        self._run(argv, content, what=f"Copying {file.name} to the server")

    @contextmanager
    def running(
        self,
        pyz: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        removing: str | None = None,
    ) -> Generator[Remote]:
        """Run a release file that lies there; see Remote for how it ends.

        The folder `removing` is gone when it has ended, whether we are there or not.
        """
        command = ssh.run_release(pyz, arguments, environment=environment)
        if removing is not None:
            command = ssh.then_remove(removing, command)
        with started(ssh.execute(self.way, command), self.way.address) as remote:
            yield remote

    def _run(self, argv: Sequence[str], stdin: bytes, *, what: str) -> str:
        try:
            done = subprocess.run(
                ssh.execute(self.way, argv),
                input=stdin,
                capture_output=True,
                check=False,
                env=_IN_ENGLISH,
            )
        except FileNotFoundError as error:
            raise MissingProgram(
                "There is no ssh on this machine.", hint="Install OpenSSH's client."
            ) from error
        self._require_success(done.returncode, done.stderr.decode(errors="replace"), what)
        return done.stdout.decode(errors="replace")

    def _require_success(self, code: int, said: str, what: str) -> None:
        if code == SSH_FAILED:
            raise explain(self.way.address, said)
        if code != 0:
            raise CommandFailed(f"{what} failed (exit code {code}).", hint=said.strip())
