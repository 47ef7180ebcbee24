"""Finds where Beszel is not as it is wanted, and mends it. Where it is, nothing is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from menuvo_ops.errors import ServiceFailed
from menuvo_ops.monitoring.hub import Hub, Settings, System, Threshold
from menuvo_ops.monitoring.wanted import Wanted


@dataclass(frozen=True)
class Deviation:
    told: str
    mend: "Callable[[], None]"


def provision(hub: Hub, wanted: Wanted) -> "list[str]":
    """Return what was not as wanted and is now, a sentence each."""
    found = list(deviations(hub, wanted))
    for deviation in found:
        deviation.mend()
    return [deviation.told for deviation in found]


def deviations(hub: Hub, wanted: Wanted) -> Iterator[Deviation]:
    """Raises ServiceFailed where the hub knows no system: it reads that from a file of ours."""
    yield from _thresholds(hub, require_system(hub), wanted.thresholds)
    yield from _channels(hub, wanted)


def require_system(hub: Hub) -> System:
    system = hub.system()
    if system is None:
        raise ServiceFailed(
            "Beszel watches nothing: its config.yml was not read.",
            hint="docker compose restart beszel; then: menuvo monitoring",
        )
    return system


def _thresholds(hub: Hub, system: System, wanted: Mapping[str, Threshold]) -> Iterator[Deviation]:
    """Alerts of the operator's own, for what we do not name, stay as they are."""
    there = hub.thresholds()
    for name, threshold in wanted.items():
        if there.get(name) != threshold:
            what = "was another one" if name in there else "was missing"
            mend = partial(hub.set_threshold, system, name, threshold)
            yield Deviation(f"Beszel's alert for {name} {what}.", mend)


def _channels(hub: Hub, wanted: Wanted) -> Iterator[Deviation]:
    """No mail: the hub has no server for it, and would only complain into its log."""
    settings = hub.settings()
    there = settings.content if settings else dict[str, object]()
    right: dict[str, object] = {"webhooks": list(wanted.channels), "emails": list[str]()}
    if any(there.get(name) != value for name, value in right.items()):

        def mend() -> None:
            known = settings or hub.make_settings()
            hub.write_settings(Settings(known.id, {**known.content, **right}))

        yield Deviation("Beszel told others than .env says.", mend)
