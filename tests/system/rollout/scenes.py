"""A production on which releases are tried, and what must be true after every try."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.system.bed.bed import Bed
from tests.system.rollout.deployed import Deployed, Done, deployed_production
from tests.system.rollout.hearing import Webhook, listening_webhook
from tests.system.rollout.variants import Release, build, remove_variants

EXIT_CODES = {
    "done": 0,
    "refused": 1,
    "serving_as_before": 1,
    "rolled_back": 3,
    "probe_saw_failures": 5,
    "person_needed": 6,
}
INSTANCES = ("platform-a", "platform-b")
PLATFORM = {*INSTANCES, "worker-images", "worker-imports"}
# Three that served, the way back from a rollback, and the last that failed.
_MOST_KEPT = 6
# Enough to meet both instances.
_REQUESTS = 12
_RELEASE_OF = """
import urllib.request
print(urllib.request.urlopen("http://127.0.0.1:3000/ready").headers["X-Menuvo-Release"])
"""


@dataclass
class Scene:
    """`steady` is a good release; it serves before a test. After it so does it, or another one."""

    bed: Bed
    production: Deployed
    webhook: Webhook
    steady: Release
    _others: list[Release] = field(default_factory=list[Release])

    def build(self, name: str, *, version: str | None = None) -> Release:
        return build(self.bed.engine, name, version=version)

    def another(self, name: str) -> Release:
        """A good one that was not there before; the next test may begin with it."""
        release = self.build("good", version=f"{name}-{len(self._others) + 1}")
        self._others.append(release)
        return release

    def deploy(self, release: Release, *options: str) -> Done:
        self.webhook.take()
        return self.production.deploy(release, "--soak", "5", *options)

    def roll_back(self, *options: str) -> Done:
        self.webhook.take()
        return self.production.roll_back(*options)

    def back_to_steady(self) -> None:
        """Whatever a test, or one that failed, has left."""
        status = self.status()
        serving = [one for one in self._others if one.version == status["version"]]
        if serving and status["state"] == "serving":
            self.steady = serving[0]
        if status["version"] != self.steady.version:
            done = self.production.deploy(self.steady, "--soak", "0", "--repair")
            assert done.exit_code in {0, 5}, explained(done)

    def status(self) -> dict[str, Any]:
        [facts] = self.production.menuvo("deploy", "status").events
        return facts

    def check(
        self, done: Done, outcome: str, *, serves: Release, failures_allowed: bool = False
    ) -> dict[str, Any]:
        """What holds however a rollout ended; returns its last event."""
        ended = ended_of(done)
        assert ended["outcome"] == outcome, explained(done)
        assert done.exit_code == ended["exit_code"] == EXIT_CODES[outcome]
        if outcome != "refused":
            assert ended["version"] == serves.version
            assert ended["asked"] > 0, "nobody asked meanwhile"
        assert ended["failed"] == 0 or failures_allowed, explained(done)
        assert len(self.webhook.told) == 1, self.webhook.told
        assert ended["sentence"] in self.webhook.told[0]
        self.check_serving(serves)
        return ended

    def check_serving(self, release: Release) -> None:
        status = self.status()
        assert (status["state"], status["under_way"]) == ("serving", ""), status
        assert status["version"] == release.version
        running = {one["service"]: (one["version"], one["state"]) for one in status["running"]}
        assert running == dict.fromkeys(PLATFORM, (release.version, "healthy"))
        production = self.production
        for name in INSTANCES:
            said = production.project.execute(name, "python3", "-c", _RELEASE_OF).strip()
            assert said == release.version, name
        outside = {
            production.request("/live").headers["X-Menuvo-Release"] for _ in range(_REQUESTS)
        }
        assert outside == {release.version}
        assert not {"canary", "migrate"} & set(production.project.services())
        assert not (production.folder / "releases/journal.jsonl").exists()
        assert len(list(production.folder.glob("releases/*/release.json"))) <= _MOST_KEPT

    def check_converged(self) -> None:
        """The same once more has nothing left to do."""
        done = self.production.deploy(self.steady)
        ended = ended_of(done)
        assert done.exit_code == 0, explained(done)
        assert ended["sentence"].startswith("Nothing to do"), explained(done)

    @property
    def revision(self) -> str:
        return self.production.sql("SELECT version_num FROM alembic_version")


@contextmanager
def running_scene(bed: Bed, folder: Path) -> Generator[Scene]:
    steady = build(bed.engine, "good", version="steady")
    try:
        with (
            listening_webhook() as webhook,
            deployed_production(bed, folder, steady, ALERT_WEBHOOK_URL=webhook.url) as production,
        ):
            yield Scene(bed, production, webhook, steady)
    finally:
        remove_variants(bed.engine)


def ended_of(done: Done) -> dict[str, Any]:
    found = [event for event in done.events if event["event"] == "ended"]
    assert len(found) == 1, explained(done)
    return found[0]


def steps_of(done: Done) -> dict[str, str]:
    """The last mark of each step that was begun."""
    return {e["step"]: e["mark"] for e in done.events if e["event"] == "stepped"}


def seconds_of(done: Done, step: str) -> float:
    return sum(e["seconds"] for e in done.events if e["event"] == "stepped" and e["step"] == step)


def warnings_of(done: Done) -> list[str]:
    return [e["sentence"] for e in done.events if e["event"] == "noted" and e["is_warning"]]


def notes_of(done: Done) -> list[str]:
    return [e["sentence"] for e in done.events if e["event"] == "noted"]


def explained(done: Done) -> str:
    told = [json.dumps(e) for e in done.events if e["event"] != "probed"]
    return "\n".join([f"exit code {done.exit_code}", *told, done.complaints])
