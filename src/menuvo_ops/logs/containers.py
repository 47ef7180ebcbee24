"""The logs of a compose project's containers, as Docker keeps them: with a time for each line."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from menuvo_ops.commands import compose, docker
from menuvo_ops.errors import CommandFailed, NotReady
from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.line import Line, instant
from menuvo_ops.logs.reading import Reader
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.shell import Shell

# As Compose prefixes it: platform-a-1  | 2026-11-28T06:00:00.123456789Z ...
_SAID = re.compile(r"(\S+)-\d+ +\| (\S+Z) ?(.*)")
_READING_SECONDS = 300
_FOR_EVER = float("inf")


@dataclass
class Containers:
    """Of the project `name`; its files are not needed, so a broken one hides no log."""

    shell: Shell
    name: str
    _readers: dict[str, Reader] = field(default_factory=dict)

    def services(self) -> Sequence[str]:
        """Raises NotReady where there are none."""
        listed = self.shell.run(docker.services_of(self.name), what="Asking Docker")
        if not listed:
            raise NotReady("There are no containers here.", hint="Run: menuvo deploy")
        return sorted(set(listed.split()))

    def past(
        self,
        asked: Asked,
        until: datetime,
        hear: Callable[[Line], None],
        interruption: Interruption,
    ) -> None:
        argv = compose.logs_of(
            self.name,
            asked.services,
            # The one line more tells that there were more.
            last=None if asked.chooses else asked.most_lines + 1,
            since=until - asked.span if asked.span else None,
            until=until,
        )
        self._follow(argv, hear, _READING_SECONDS, interruption)

    def follow(
        self,
        asked: Asked,
        since: datetime,
        hear: Callable[[Line], None],
        interruption: Interruption,
    ) -> None:
        """Containers that take the place of others are followed, too."""
        argv = compose.logs_of(self.name, asked.services, since=since, follow=True)
        self._follow(argv, hear, _FOR_EVER, interruption)

    def _follow(
        self,
        argv: Sequence[str],
        hear: Callable[[Line], None],
        seconds: float,
        interruption: Interruption,
    ) -> None:
        def read(text: str) -> None:
            line = self._read(text)
            if line is not None:
                hear(line)

        code, complaint = self.shell.follow(
            argv, what="Reading logs", hear=read, seconds=seconds, interruption=interruption
        )
        if code != 0 and not interruption.came:
            raise CommandFailed(f"Reading logs failed (exit code {code}).", hint=complaint)

    def _read(self, text: str) -> Line | None:
        """None for what Compose itself says."""
        said = _SAID.fullmatch(text)
        if said is None:
            return None
        service, stamp, words = said.groups()
        at = instant(stamp)
        reader = self._readers.setdefault(service, Reader(service, otherwise=at))
        return reader.read(words, at)
