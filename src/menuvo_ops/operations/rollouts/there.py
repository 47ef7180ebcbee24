"""The deployment lies on another machine: the tool is taken there, run, and listened to."""

import secrets
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.commands.server import Manner, Wish, ask
from menuvo_ops.errors import CommandFailed, Interrupted, MissingProgram, ServerUnfit, Usage
from menuvo_ops.local.release import release_name
from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.line import from_json as line_from_json
from menuvo_ops.logs.showing import printer
from menuvo_ops.operations.rollouts.given import Place, version_of
from menuvo_ops.rollout import references
from menuvo_ops.rollout.reporters import reporter
from menuvo_ops.rollout.taking import whoever
from menuvo_ops.rollout.telling import Ended, from_line
from menuvo_ops.runner import run
from menuvo_ops.shipping.architecture import mismatch, platforms_of
from menuvo_ops.shipping.machine import Machine
from menuvo_ops.shipping.packing import pack
from menuvo_ops.shipping.remote import Remote
from menuvo_ops.shipping.ssh import Connection, Host, connected

# Relative to the home of the login.
_DIRECTORY = "menuvo"
_BAGGAGE = ".cache/menuvo"


def roll_out(
    checkout: Path, wish: Wish, place: Place, manner: Manner, *, env_from: Path | None = None
) -> int:
    """Return the exit code of the server. Without `yes` the plan is shown and asked about."""
    if wish.asks and not manner.yes and not sys.stdin.isatty():
        raise Usage("Nobody is there to ask.", hint="Add --yes, or look first: --dry-run")
    if wish.verb == "deploy" and not wish.only_looks:
        wish = replace(wish, version=version_of(checkout, wish))
    with _reached(checkout, wish, place, manner, env_from) as server:
        if wish.logs:
            return server.show_logs(wish, wish.logs)
        if wish.only_looks:
            return server.show(wish)
        if wish.asks and not manner.yes:
            seen = server.follow(replace(wish, dry_run=True), is_asking=True)
            if not _may_go_on(seen):
                return seen.exit_code
            if not _agrees():
                return 1
        return server.follow(wish).exit_code


def ask_for(checkout: Path, wish: Wish, place: Place) -> tuple[int, str]:
    """The exit code of the server, and what it has printed."""
    with _reached(checkout, wish, place, Manner(), None) as server:
        return server.ask_for(wish)


@contextmanager
def _reached(
    checkout: Path, wish: Wish, place: Place, manner: Manner, env_from: Path | None
) -> "Generator[_Server]":
    """With a tool that is packed from this checkout."""
    assert place.host is not None  # noqa: S101, else it is a deployment of this machine
    way = connected(Host(place.host), identity=place.identity, known_hosts=place.known_hosts)
    with way as connection, tempfile.TemporaryDirectory(prefix="menuvo-") as folder:
        machine = connection.look_around()
        if wish.version:
            require_fitting_image(wish.version, machine)
        program = Path(folder) / "menuvo.pyz"
        pack(checkout, wish.version or release_name(checkout), program)
        yield _Server(connection, program, directory_there(place), env_from, manner)


@dataclass(frozen=True)
class _Seen:
    exit_code: int
    ended: Ended | None = None


@dataclass(frozen=True)
class _Server:
    connection: Connection
    program: Path
    directory: str
    env_from: Path | None
    manner: Manner

    def show(self, wish: Wish) -> int:
        with self._running(wish, Manner(as_json=self.manner.as_json)) as remote:
            # Whoever has watched enough presses Ctrl-C, and the server hears that nobody reads.
            with suppress(KeyboardInterrupt) if wish.watch else nullcontext():
                for line in remote.lines():
                    print(line, flush=wish.watch)  # noqa: T201
                return remote.wait()
            return 0

    def show_logs(self, wish: Wish, asked: Asked) -> int:
        """By the clock and in the colours of this machine."""
        with self._running(wish, Manner(as_json=True, lifeline=asked.follow)) as remote:
            show = printer(as_json=self.manner.as_json, lost=remote.let_go)
            for text in remote.lines():
                line = line_from_json(text)
                refusal = None if line else from_line(text)
                if line:
                    show(line)
                elif refusal:
                    told = reporter(as_json=self.manner.as_json, lost=remote.let_go)
                    told.tell(refusal)
                    told.close()
            return remote.wait()

    def ask_for(self, wish: Wish) -> tuple[int, str]:
        with self._running(wish, self.manner) as remote:
            lines = list(remote.lines())
            return remote.wait(), "".join(f"{line}\n" for line in lines)

    def follow(self, wish: Wish, *, is_asking: bool = False) -> _Seen:
        """Show its events as if it ran here."""
        manner = Manner(as_json=True, yes=True, lifeline=True)
        ended: Ended | None = None
        with self._running(wish, manner) as remote:
            told = reporter(as_json=self.manner.as_json, lost=remote.let_go)
            try:
                for line in remote.lines():
                    event = from_line(line)
                    if isinstance(event, Ended):
                        ended = event
                        if is_asking and event.outcome == "planned" and event.exit_code == 0:
                            continue
                    if event is not None:
                        told.tell(event)
                return _Seen(remote.wait(), ended)
            except KeyboardInterrupt:
                raise Interrupted(
                    "Nobody listens any more to what the server does.",
                    hint="It takes back what had begun. See how it is: menuvo deploy status",
                ) from None
            finally:
                told.close()

    @contextmanager
    def _running(self, wish: Wish, manner: Manner) -> Generator[Remote]:
        baggage = f"{_BAGGAGE}/{secrets.token_hex(8)}"
        program, values = f"{baggage}/menuvo.pyz", f"{baggage}/env"
        self.connection.copy(self.program, program)
        if self.env_from:
            self.connection.copy(self.env_from, values)
        argv = ask(
            wish, manner, directory=self.directory, env_from=values if self.env_from else None
        )
        environment = {"MENUVO_ACTOR": whoever()}
        with self.connection.running(
            program, argv, environment=environment, removing=baggage
        ) as remote:
            yield remote


def directory_there(place: Place) -> str:
    """A tilde would reach the server's shell in quotes."""
    return (place.directory or _DIRECTORY).removeprefix("~/")


def require_fitting_image(version: str, machine: Machine) -> None:
    """Before anything is copied, where a registry tells us; else the server finds out itself."""
    reference = references.of_platform("", version)
    try:
        printed = run(docker.look_up_platforms(reference), what="Asking the registry")
    except (CommandFailed, MissingProgram):
        return
    problem = mismatch(platforms_of(printed), machine.architecture)
    if problem:
        raise ServerUnfit(problem, hint="Build the image for this architecture as well.")


def _may_go_on(seen: _Seen) -> bool:
    """A run that was cut off has no plan of its own: the next one finishes it or takes it back."""
    return seen.exit_code == 0 or (seen.ended is not None and seen.ended.outcome == "interrupted")


def _agrees() -> bool:
    sys.stderr.write("Go on? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
