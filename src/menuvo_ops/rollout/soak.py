"""Is the new instance worse than the old one? Figures in, a sentence out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

_REQUESTS = re.compile(r'^menuvo_http_requests_total\{status="(\w+)"\} (\S+)$', re.MULTILINE)
_BUCKET = re.compile(r'^menuvo_http_request_seconds_bucket\{le="([^"]+)"\} (\S+)$', re.MULTILINE)
# Fewer failures than this can be anybody's bad luck.
_FEWEST_FAILURES = 3
_TIMES_MORE_FAILURES = 2.0
_SHARE_OF_FAILURES = 0.005
# Fewer requests than this say nothing about how fast they are.
_FEWEST_REQUESTS = 40
_TIMES_SLOWER = 3.0
_NOTICEABLE_SECONDS = 0.25


@dataclass(frozen=True)
class Sample:
    """Counters since an instance started. `buckets`: how many took at most so many seconds."""

    requests: int = 0
    failures: int = 0
    buckets: Mapping[float, int] = field(default_factory=dict[float, int])

    @property
    def failing(self) -> float:
        return self.failures / self.requests if self.requests else 0.0

    def seconds(self, share: float) -> float:
        """The limit within which that share of the requests was answered."""
        total = max(self.buckets.values(), default=0)
        limits = (limit for limit, count in sorted(self.buckets.items()) if count >= share * total)
        return next(limits, 0.0) if total else 0.0


def parse(text: str) -> Sample:
    """What `menuvo-platform metrics` printed."""
    counts = {status: int(float(count)) for status, count in _found(_REQUESTS, text)}
    buckets = {float(limit): int(float(count)) for limit, count in _found(_BUCKET, text)}
    return Sample(sum(counts.values()), counts.get("5xx", 0), buckets)


def _found(pattern: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    return cast("list[tuple[str, str]]", pattern.findall(text))


def difference(now: Sample, before: Sample) -> Sample:
    """What came in between; an instance that started again meanwhile counts from its start."""
    if now.requests < before.requests:
        return now
    buckets = {limit: count - before.buckets.get(limit, 0) for limit, count in now.buckets.items()}
    return Sample(now.requests - before.requests, now.failures - before.failures, buckets)


def verdict(new: Sample, control: Sample) -> str | None:
    """What is worse, in words; None when nothing is."""
    limit = max(control.failing * _TIMES_MORE_FAILURES, _SHARE_OF_FAILURES)
    if new.failures >= _FEWEST_FAILURES and new.failing > limit:
        return (
            f"it failed {new.failures} of {new.requests} requests,"
            f" the other {control.failures} of {control.requests}"
        )
    if min(new.requests, control.requests) < _FEWEST_REQUESTS:
        return None
    slow, usual = new.seconds(0.95), control.seconds(0.95)
    if slow >= _NOTICEABLE_SECONDS and slow > usual * _TIMES_SLOWER:
        return f"95 % of its answers take up to {slow:g} s, the other's {usual:g} s"
    return None
