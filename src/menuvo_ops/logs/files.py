"""The logs of services without containers: files that are copied aside and emptied when large."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from itertools import chain
from pathlib import Path

from menuvo_ops.errors import Interrupted, OpsError
from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.line import Line
from menuvo_ops.logs.reading import Reader
from menuvo_ops.rollout.interruption import Interruption

_LOOK_EVERY = 0.3


class Files:
    def __init__(self, folder: Path) -> None:
        self._files: list[Path] = sorted(folder.glob("*.log"))
        self._growing: list[_Growing] = []

    def services(self) -> Sequence[str]:
        """Raises OpsError where nothing has ever run."""
        if not self._files:
            raise OpsError("There are no logs yet.", hint="They are made by: ./menuvo up")
        return [file.stem for file in self._files]

    def past(
        self,
        asked: Asked,
        until: datetime,  # noqa: ARG002, as others
        hear: Callable[[Line], None],
        interruption: Interruption,
    ) -> None:
        wanted = [one for one in self._files if not asked.services or one.stem in asked.services]
        self._growing = [_Growing(file) for file in wanted]
        looks_far = bool(asked.since or asked.chooses)
        for one in self._growing:
            for line in one.past(looks_far=looks_far):
                if interruption.came:
                    return
                hear(line)

    def follow(
        self,
        asked: Asked,  # noqa: ARG002, the past has chosen the files
        since: datetime,  # noqa: ARG002, and has read up to a place in them
        hear: Callable[[Line], None],
        interruption: Interruption,
    ) -> None:
        with suppress(Interrupted):
            while True:
                said = chain.from_iterable(one.news() for one in self._growing)
                for line in sorted(said, key=lambda line: line.at):
                    hear(line)
                interruption.pause(_LOOK_EVERY)


class _Growing:
    """One file, read up to the last line that is finished."""

    def __init__(self, file: Path) -> None:
        written = datetime.fromtimestamp(file.stat().st_mtime, timezone.utc)  # noqa: UP017
        self._file: Path = file
        self._reader: Reader = Reader(file.stem, otherwise=written)
        self._place: int = 0

    def past(self, *, looks_far: bool) -> Iterator[Line]:
        """`looks_far`: also into what was copied aside."""
        older = sorted(self._file.parent.glob(f"{self._file.name}.*"), reverse=True)
        for file in older if looks_far else ():
            with file.open(errors="replace") as opened:
                for text in opened:
                    yield self._reader.read(text.rstrip("\r\n"))
        yield from self.news()

    def news(self) -> Iterator[Line]:
        with suppress(FileNotFoundError), self._file.open("rb") as opened:
            if opened.seek(0, os.SEEK_END) < self._place:
                self._place = 0
            opened.seek(self._place)
            for line in opened:
                if not line.endswith(b"\n"):
                    return
                self._place += len(line)
                yield self._reader.read(line.decode(errors="replace").rstrip("\r\n"))
