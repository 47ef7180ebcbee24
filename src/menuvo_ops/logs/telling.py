"""`menuvo logs`: the past of all services in one order, and then what they say from now on."""

import sys
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from itertools import chain
from typing import Protocol

from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.line import Line
from menuvo_ops.logs.showing import printer
from menuvo_ops.rollout.interruption import Interruption


class Source(Protocol):
    def services(self) -> Sequence[str]: ...

    def past(
        self,
        asked: Asked,
        until: datetime,
        hear: Callable[[Line], None],
        interruption: Interruption,
    ) -> None:
        """In the order of each service; more than was asked for is no harm. Returns early when
        something interrupts it."""
        ...

    def follow(
        self,
        asked: Asked,
        since: datetime,
        hear: Callable[[Line], None],
        interruption: Interruption,
    ) -> None:
        """Returns when something interrupts it."""
        ...


def tell(source: Source, asked: Asked, *, as_json: bool, lifeline: bool = False) -> None:
    """Raises Usage for what makes no sense. `lifeline`: whoever asks holds our input open."""
    asked.require_sense()
    asked.require_known(source.services())
    interruption = Interruption()
    if asked.follow:
        interruption.listen(lifeline=lifeline)
    lost = "the end of whoever read along"
    show = printer(as_json=as_json, lost=lambda: interruption.report(lost))
    now = datetime.now(timezone.utc)  # noqa: UP017
    kept = _Kept(asked, now)
    source.past(asked, now, kept.hear, interruption)
    if interruption.came:
        return
    kept.say_what_is_cut()
    for line in kept.in_order():
        show(line)
    if asked.follow:
        source.follow(
            asked, now, lambda line: show(line) if asked.fits(line) else None, interruption
        )


class _Kept:
    """The last lines of each service that fit. All that is searched may be half a gigabyte, and
    none of the others stay in memory."""

    def __init__(self, asked: Asked, now: datetime) -> None:
        self._asked: Asked = asked
        self._earliest: datetime | None = now - asked.span if asked.span else None
        self._lines: defaultdict[str, deque[Line]] = defaultdict(
            lambda: deque(maxlen=asked.most_lines)
        )
        self._cut: set[str] = set()

    def hear(self, line: Line) -> None:
        is_late = self._earliest is None or line.at >= self._earliest
        if is_late and self._asked.fits(line):
            lines = self._lines[line.service]
            if len(lines) == self._asked.most_lines:
                self._cut.add(line.service)
            lines.append(line)

    def say_what_is_cut(self) -> None:
        """Where a span was asked for, and no number."""
        if self._asked.since and self._asked.lines is None:
            for service in sorted(self._cut):
                sys.stderr.write(
                    f"Of {service} the last {self._asked.most_lines} lines;"
                    " more of them: --lines N\n"
                )

    def in_order(self) -> list[Line]:
        return sorted(chain.from_iterable(self._lines.values()), key=lambda line: line.at)
