"""Deploys and rollbacks under a constant load: ours, and the seed's plain workflow."""

from pathlib import Path
from typing import Any

from tests.bench.harness import Measurement
from tests.system.bed.bed import Bed
from tests.system.rollout import seeds_workflow
from tests.system.rollout.answers import Result
from tests.system.rollout.deployed import Done, deployed_production
from tests.system.rollout.load import running_load
from tests.system.rollout.variants import Release, build

REQUESTS = 10_000
DEPLOY_SECONDS = 120
# A deploy without a migration; what a dump and a migration take is measured on their own.
SOAK = ("--soak", "25")


def measure(bed: Bed, folder: Path) -> list[Measurement]:
    releases = [build(bed.engine, "good", version=f"bench-{number}") for number in (1, 2, 3)]
    expanding = build(bed.engine, "expands", version="bench-expands")
    for part in ("ours", "seeds"):
        (folder / part).mkdir()
    ours = _ours(bed, folder / "ours", releases, expanding)
    return [*ours, *_seeds(bed, folder / "seeds", releases)]


def _ours(bed: Bed, folder: Path, releases: list[Release], expanding: Release) -> list[Measurement]:
    one, two, three = releases
    with deployed_production(bed, folder, one) as production:
        with running_load(production) as load:
            first = _well(production.deploy(two, *SOAK))
            back = _well(production.roll_back())
            second = _well(production.deploy(three, *SOAK))
            load.until_requests(REQUESTS)
            result = load.result()
        migrated = _well(production.deploy(expanding, *SOAK))
    return [
        *_figures(result),
        Measurement("deploy", first.seconds, "s", "lower", DEPLOY_SECONDS),
        Measurement("deploy again", second.seconds, "s", "lower", DEPLOY_SECONDS),
        Measurement("rollback", back.seconds, "s", "lower"),
        *_steps("of a deploy with a migration", migrated),
        Measurement("processor time of the client", result.cpu_share * 100, "%", "lower", 40),
    ]


def _figures(result: Result) -> list[Measurement]:
    return [
        Measurement("requests", result.requests, "", "higher", REQUESTS),
        Measurement("failed requests", len(result.failures), "", "lower", 0),
        Measurement("orders acknowledged", len(result.acknowledged), "", "higher"),
        Measurement("of these, not found exactly once", len(result.lost), "", "lower", 0),
        Measurement("orders placed twice", len(result.doubled), "", "lower", 0),
        Measurement("tickets the board missed", len(result.missed), "", "lower", 0),
        Measurement("longest request", result.longest.seconds, "s", "lower"),
    ]


def _steps(of: str, done: Done) -> list[Measurement]:
    """The dump and the migration, as the tool has timed them."""
    return [
        Measurement(f"{name} {of}", _seconds(done.events, name), "s", "lower")
        for name in ("dump", "migrate")
    ]


def _seconds(events: list[dict[str, Any]], step: str) -> float:
    return sum(
        event["seconds"]
        for event in events
        if event["event"] == "stepped" and (event["step"], event["mark"]) == (step, "done")
    )


def _seeds(bed: Bed, folder: Path, releases: list[Release]) -> list[Measurement]:
    with (
        seeds_workflow.running_seed(bed, folder) as production,
        running_load(production) as load,
    ):
        seconds = seeds_workflow.deploy(production, releases[0])
        result = load.result()
    return [
        Measurement("requests during the seed's workflow", result.requests, "", "higher"),
        Measurement("of these, failed", len(result.failures), "", "lower"),
        Measurement("the seed's workflow", seconds, "s", "lower"),
    ]


def _well(done: Done) -> Done:
    assert done.exit_code == 0, f"{done.exit_code}: {done.events[-3:]}\n{done.complaints}"
    return done
