"""What a load has seen, and what it comes to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

LONGEST_SECONDS = 10
_EXAMPLES = 10


@dataclass(frozen=True)
class Answer:
    """`began` is seconds since the epoch, `status` 0 where no answer came, and `problem` what makes
    it a failure."""

    kind: str
    began: float
    seconds: float
    status: int
    release: str = ""
    problem: str = ""

    def __str__(self) -> str:
        return f"{self.kind} after {self.seconds:.2f} s: {self.problem or self.status}"


@dataclass(frozen=True)
class Order:
    """As the database has it."""

    token: str
    id: str
    guest: str


@dataclass(frozen=True)
class Second:
    """Of a timeline: what was asked in it."""

    requests: int
    failures: int
    longest: float
    releases: frozenset[str]


@dataclass(frozen=True)
class Result:
    answers: Sequence[Answer]
    acknowledged: Sequence[str]
    """Tracking tokens, in the order of their answers."""
    orders: Sequence[Order]
    tickets: frozenset[str]
    """Ids of the orders that the board was told of."""
    cpu_share: float = 0.0
    """How much of one processor the client took."""
    latest: float = 0.0
    """Seconds by which a request was sent too late: the client waited for a processor."""

    @property
    def requests(self) -> int:
        return len(self.answers)

    @cached_property
    def failures(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.problem]

    @cached_property
    def lost(self) -> list[str]:
        """Acknowledged orders that are not in the database exactly once."""
        found = Counter(order.token for order in self.orders)
        return [token for token in self.acknowledged if found[token] != 1]

    @cached_property
    def doubled(self) -> list[str]:
        """Guests for whom there is more than one order: each of them wanted one."""
        found = Counter(order.guest for order in self.orders)
        return sorted(guest for guest, times in found.items() if times > 1)

    @cached_property
    def missed(self) -> list[str]:
        """Acknowledged orders of which the board was never told."""
        ids = {order.token: order.id for order in self.orders}
        return [token for token in self.acknowledged if ids.get(token) not in self.tickets]

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        if not self.answers:
            return 0.0
        ends = max(answer.began + answer.seconds for answer in self.answers if _is_short(answer))
        return ends - min(answer.began for answer in self.answers)

    @property
    def longest(self) -> Answer:
        return max(filter(_is_short, self.answers), key=lambda answer: answer.seconds)

    @cached_property
    def releases(self) -> Mapping[str, int]:
        return Counter(answer.release for answer in self.answers if answer.release)

    @cached_property
    def timeline(self) -> list[Second]:
        """Second by second since the first request."""
        if not self.answers:
            return []
        beginning = min(answer.began for answer in self.answers)
        seconds: dict[int, list[Answer]] = {}
        for answer in self.answers:
            seconds.setdefault(int(answer.began - beginning), []).append(answer)
        return [_second(seconds.get(number, ())) for number in range(max(seconds) + 1)]

    def __str__(self) -> str:
        lines = [
            f"{self.requests} requests in {self.seconds:.0f} s, {len(self.failures)} failed;"
            f" longest {self.longest.seconds:.2f} s ({self.longest.kind})",
            f"{len(self.acknowledged)} orders acknowledged, {len(self.lost)} lost,"
            f" {len(self.doubled)} doubled, {len(self.missed)} missed by the board",
            f"releases {dict(self.releases)}; the client took {self.cpu_share:.0%} of a processor"
            f" and was {self.latest:.2f} s late at most",
            *map(str, self.failures[:_EXAMPLES]),
        ]
        return "\n".join(lines)


def _is_short(answer: Answer) -> bool:
    """A stream is open for minutes."""
    return answer.kind != "board"


def _second(answers: Iterable[Answer]) -> Second:
    listed = list(answers)
    return Second(
        requests=len(listed),
        failures=sum(bool(answer.problem) for answer in listed),
        longest=max((one.seconds for one in listed if _is_short(one)), default=0.0),
        releases=frozenset(answer.release for answer in listed if answer.release),
    )
