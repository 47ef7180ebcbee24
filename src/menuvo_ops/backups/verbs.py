"""What an operator can ask about the backups, on the server itself."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from menuvo_ops.backups.events import Facts, megabytes
from menuvo_ops.backups.moment import zone_named
from menuvo_ops.backups.records import Backup, find
from menuvo_ops.backups.service import SERVICE, VERIFICATION, Service
from menuvo_ops.backups.standing import Standing, standing
from menuvo_ops.environment import Deployment, examine
from menuvo_ops.errors import NotReady, Usage
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.preflight.machine import find_available_memory, least_memory
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.taking import take_lock
from menuvo_ops.rollout.telling import Ended, Tell

_WITHOUT = "Or make one that nobody restores for trial: menuvo backup now --no-verify"


@dataclass(frozen=True)
class Backups:
    """Of one deployment folder, and who asks."""

    directory: Path
    tell: Tell
    interruption: Interruption

    @property
    def archive(self) -> Archive:
        return Archive(self.directory)

    def now(self, *, verifies: bool) -> Ended:
        """Make one, and restore it for trial. Raises OpsError when either failed."""
        with self.alone("making a backup") as service:
            if verifies:
                require_memory(otherwise=_WITHOUT)
            return make(service, verifies=verifies)

    def verify(self, name: "str | None") -> Ended:
        """Restore one for trial. Raises OpsError when that failed."""
        with self.alone("restoring a backup for trial") as service:
            return prove(service, name, before=require_memory)

    def verify_due(self) -> Ended:
        """Restore the newest for trial, if nobody has: what a timer asks, again and again."""
        with self.alone("restoring the newest backup for trial") as service:
            return prove_due(service, before=require_memory)

    def list_json(self) -> str:
        return self._service().list_json()

    def standing(self) -> Standing:
        """Empty where nothing was deployed."""
        if self.archive.current() is None:
            return Standing()
        return standing(self._service())

    def window_json(self) -> str:
        return self._service().window_json()

    def zone(self) -> tzinfo:
        """In which the operator reads times."""
        folder = self.archive.folder(self._current().number)
        return zone_named(examine(Deployment(folder))["TIME_ZONE"])

    @contextmanager
    def alone(self, doing: str) -> Generator[Service]:
        """The service for whoever holds the lock, which says what they do."""
        service = self._service()
        self.archive.provide()
        with take_lock(self.archive, self.tell, self.interruption) as lock:
            lock.note(doing)
            entry = self.archive.under_way()
            if entry is not None and entry.verb == "restore":
                raise NotReady(f"A {entry.told} was cut off here.", hint=entry.what_to_do)
            service.stack.shell.kept = (lock.descriptor,)
            yield service

    def _service(self) -> Service:
        stack = Stack(Deployment(self.directory))
        project = stack.project(self.archive.folder(self._current().number))
        return Service(stack, project, self.tell, self.interruption)

    def _current(self) -> Release:
        current = self.archive.current()
        if current is None:
            raise NotReady("Nothing was deployed here yet.", hint="Run: menuvo deploy")
        return current


class Program(Protocol):
    """What asks `menuvo-backup`: in containers, or as a process of this machine."""

    def follow(self, service: str, *verb: str) -> list[Facts]: ...

    def list_backups(self) -> list[Backup]: ...


def make(program: Program, *, verifies: bool) -> Ended:
    """Make a backup, and restore it for trial. Raises OpsError when either failed."""
    began = time.monotonic()
    made = _last(program.follow(SERVICE, "now"), "backup_done")
    name = str(made.get("id") or "")
    if verifies:
        program.follow(VERIFICATION, "verify", *([name] if name else []))
    size = made.get("bytes")
    told = f", {megabytes(size)}" if isinstance(size, (int, float)) else ""
    proof = " and restored for trial" if verifies else ", and nobody has restored it"
    return _ended(f"Backup {name} is made{proof}{told}.", began)


def prove(program: Program, name: "str | None", *, before: Callable[[], None]) -> Ended:
    """Restore one for trial. Raises OpsError when that failed."""
    wanted = find(program.list_backups(), name)
    if wanted.size is None:
        raise Usage(
            f"Backup {wanted.id} {wanted.outcome}, so there is nothing to restore.",
            hint=wanted.complaint,
        )
    return _prove(program, wanted, before)


def prove_due(program: Program, *, before: Callable[[], None]) -> Ended:
    """The newest that has a dump, unless it was verified or has failed: then that is told."""
    newest = next((one for one in program.list_backups() if one.can_be_restored), None)
    if newest is not None and newest.awaits_verification:
        return _prove(program, newest, before)
    why = "there is no backup yet"
    if newest is not None:
        why = f"backup {newest.id} {'was verified' if newest.verified else newest.outcome}"
    return Ended("done", 0, f"Nothing is due: {why}.")


def require_memory(*, otherwise: str = "") -> None:
    """Raises NotReady where a container of 512 MiB would take memory that others have."""
    available, least = find_available_memory(), least_memory()
    if available is not None and available < least:
        hint = "docker stats shows who has it; stop what is not needed, or try when it is calmer."
        raise NotReady(
            f"Only {available // 1024**2} MiB of memory are available, and a restore needs"
            f" {least // 1024**2}.",
            hint="\n".join(filter(None, (hint, otherwise))),
        )


def _prove(program: Program, backup: Backup, before: Callable[[], None]) -> Ended:
    before()
    began = time.monotonic()
    program.follow(VERIFICATION, "verify", backup.id)
    return _ended(f"Backup {backup.id} can be restored.", began)


def _last(heard: "list[Facts]", event: str) -> Facts:
    nothing: Facts = {}
    return next((one for one in reversed(heard) if one["event"] == event), nothing)


def _ended(sentence: str, began: float) -> Ended:
    return Ended("done", 0, sentence, seconds=round(time.monotonic() - began, 1))
