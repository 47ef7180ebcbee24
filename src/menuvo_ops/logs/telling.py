"""`menuvo logs`: the past of all services in one order, and then what they say from now on."""

import sys
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from itertools import chain
from typing import Protocol

from menuvo_ops.logs.asking import Asked
from menuvo_ops.logs.line import Line
from menuvo_ops.logs.showing import printer
from menuvo_ops.rollout.interruption import Interruption


class Source(Protocol):
    def services(self) -> Sequence[str]: ...

    def past(self, asked: Asked, until: datetime) -> Iterable[Line]:
        """In the order of each service; more than was asked for is no harm."""
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
    for line in _chosen(source.past(asked, now), asked, now):
        show(line)
    if asked.follow:
        source.follow(
            asked, now, lambda line: show(line) if asked.fits(line) else None, interruption
        )


def _chosen(lines: Iterable[Line], asked: Asked, now: datetime) -> list[Line]:
    kept: defaultdict[str, deque[Line]] = defaultdict(lambda: deque(maxlen=asked.most_lines))
    cut: set[str] = set()
    earliest = now - asked.span if asked.span else None
    for line in lines:
        if (earliest is None or line.at >= earliest) and asked.fits(line):
            if len(kept[line.service]) == asked.most_lines:
                cut.add(line.service)
            kept[line.service].append(line)
    if asked.since and asked.lines is None:
        for service in sorted(cut):
            sys.stderr.write(
                f"Of {service} the last {asked.most_lines} lines; more of them: --lines N\n"
            )
    return sorted(chain.from_iterable(kept.values()), key=lambda line: line.at)
