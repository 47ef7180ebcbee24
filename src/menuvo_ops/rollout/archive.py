"""The folder `releases/` of a deployment: every release that ran here and was not pruned."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.environment.writing import provide_folder, sync_folder, write
from menuvo_ops.errors import Damaged, Usage
from menuvo_ops.rollout import records
from menuvo_ops.rollout.journal import Entry, Journal
from menuvo_ops.rollout.records import Release

RECORD = "release.json"
PROGRAM = "menuvo.pyz"
JOURNAL = "journal.jsonl"
FAILED = "failed"
_INCOMING_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Archive:
    """`releases/17` holds its record, its infrastructure files, its environment and its tool."""

    deployment: Path

    @property
    def root(self) -> Path:
        return self.deployment / "releases"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def journal(self) -> Path:
        """Of what is under way; it is moved to its release when that has ended."""
        return self.root / JOURNAL

    @property
    def draft(self) -> Path:
        """The folder of a release that has not been admitted yet."""
        return self.root / ".next"

    @property
    def incoming(self) -> Path:
        """Files of releases that were taken out of their images."""
        return self.root / ".incoming"

    def under_way(self) -> Entry | None:
        """What a run has begun and not ended. One that was cut off before its release was admitted
        had changed nothing, and is none."""
        entry = Journal(self.journal).read()
        return entry if entry and self.folder(entry.release).is_dir() else None

    def provide(self) -> None:
        provide_folder(self.root, mode=0o700)

    def folder(self, number: int) -> Path:
        return self.root / str(number)

    def numbers(self) -> list[int]:
        """Oldest first."""
        if not self.root.is_dir():
            return []
        found = (entry.name for entry in self.root.iterdir() if (entry / RECORD).is_file())
        return sorted(int(name) for name in found if name.isdecimal())

    def releases(self) -> list[Release]:
        return [self.load(number) for number in self.numbers()]

    def load(self, number: int) -> Release:
        try:
            return records.read((self.folder(number) / RECORD).read_text())
        except FileNotFoundError:
            raise Usage(
                f"There is no release {number}.", hint="menuvo releases lists what there is."
            ) from None
        except ValueError as error:
            raise Damaged(
                f"The record of release {number} cannot be read ({error}).",
                hint=f"Look at {self.folder(number) / RECORD}; other releases are not concerned.",
            ) from error

    def find(self, name: str) -> Release:
        """By its number, or the newest of a version; the first signs of a version are enough."""
        if name.isdecimal() and int(name) in self.numbers():
            return self.load(int(name))
        named = [
            one
            for one in self.releases()
            if one.version.startswith(name) and not self.has_failed(one.number)
        ]
        if not named:
            raise Usage(f"There is no release {name}.", hint="menuvo releases lists what there is.")
        return named[-1]

    def current(self) -> Release | None:
        """What serves; None before the first deploy."""
        try:
            return self.load(int(self._pointer.readlink().name))
        except FileNotFoundError:
            return None

    def serving(self) -> Release:
        """Raises Usage before the first deploy."""
        current = self.current()
        if current is None:
            raise Usage("Nothing was deployed here yet.", hint="Run: menuvo deploy")
        return current

    def before(self, release: Release) -> Release | None:
        """The one that a rollback brings back by itself: what served before it did, not what it
        took the place of when it was itself brought back."""
        there = self.numbers()
        if release.restores in there:
            release = self.load(release.restores)
        return self.load(release.previous) if release.previous in there else None

    def make_current(self, number: int) -> None:
        partial = self.root / ".current"
        partial.unlink(missing_ok=True)
        partial.symlink_to(str(number))
        partial.replace(self._pointer)
        sync_folder(self.root)

    def new_draft(self) -> Path:
        self.discard_draft()
        provide_folder(self.draft, mode=0o700)
        return self.draft

    def discard_draft(self) -> None:
        if self.draft.exists():
            shutil.rmtree(self.draft)

    def next_number(self) -> int:
        """Of those that failed none is used again: what they did is written under it."""
        return max([*self.numbers(), 0]) + 1

    def admit(self, release: Release) -> None:
        """The draft becomes the folder of `release`."""
        write(self.draft / RECORD, records.written(release).encode(), mode=0o600)
        os.sync()
        self.draft.rename(self.folder(release.number))
        sync_folder(self.root)

    def mark_failed(self, number: int) -> None:
        """It never came to serve: its journal stays for whoever asks why."""
        (self.folder(number) / FAILED).touch()

    def has_failed(self, number: int) -> bool:
        return (self.folder(number) / FAILED).exists()

    def forget_incoming(self) -> None:
        """Files that no run can be starting from any more."""
        for file in self.incoming.glob("*.pyz"):
            if time.time() - file.stat().st_ctime > _INCOMING_SECONDS:
                file.unlink(missing_ok=True)

    def remove(self, number: int) -> None:
        shutil.rmtree(self.folder(number))

    @property
    def _pointer(self) -> Path:
        return self.root / "current"
