"""Everything that can break, and what is told of it."""

from collections.abc import Callable
from dataclasses import dataclass

from menuvo_backup.monitor import ARCHIVE, BACKUPS, DISK, DRILL, State, push
from menuvo_backup.settings import MonitorSettings, Redacted
from tests.alerts.gatus import DOMAIN
from tests.alerts.scenes import MONITOR_TOKEN, Scene
from tests.menuvo_ops.waiting import eventually

MOST_MESSAGES = 3


@dataclass(frozen=True)
class Fault:
    """`told` are all the alerts that it raises, `cause` what one of them says."""

    do: Callable[[Scene], None]
    mend: Callable[[Scene], None]
    told: set[str]
    cause: str


def stopped(*parts: str, told: set[str], cause: str) -> Fault:
    return Fault(
        lambda scene: scene.site.stop(*parts),
        lambda scene: scene.site.start(*parts),
        told,
        cause,
    )


def backlog(told: str, cause: str, **figures: int) -> Fault:
    return Fault(
        lambda scene: scene.site.backlog.update(figures),
        lambda scene: scene.site.backlog.update(dict.fromkeys(figures, 0)),
        {told},
        cause,
    )


def report(scene: Scene, endpoint: str, error: str = "") -> None:
    settings = MonitorSettings(f"http://127.0.0.1:{scene.gatus.port}", Redacted(MONITOR_TOKEN))
    push(settings, endpoint, State(error))


def reported(endpoint: str, told: str, cause: str) -> Fault:
    def mend(scene: Scene) -> None:
        for _ in range(2):
            report(scene, endpoint)

    return Fault(lambda scene: report(scene, endpoint, "It is wrong."), mend, {told}, cause)


def exchange_certificate(scene: Scene, *, days: int) -> None:
    scene.site.stop("caddy")
    scene.site.start("caddy", days=days)


GUESTS = {"Guests/Menus", "Guests/Orders"}
FAULTS = {
    "postgres": stopped(
        "postgres",
        told={"Operations/Database", "Guests/Orders"},
        cause="PostgreSQL does not answer",
    ),
    "redis": stopped(
        "redis", told={"Operations/Live updates", "Guests/Orders"}, cause="Redis does not answer"
    ),
    "platform-a": stopped(
        "platform-a", told={"Operations/Instance A"}, cause="platform-a does not serve"
    ),
    "platform-b": stopped(
        "platform-b", told={"Operations/Instance B"}, cause="platform-b does not serve"
    ),
    "both instances": stopped(
        *("platform-a", "platform-b"),
        told={*GUESTS, "Operations/Instance A"},
        cause="platform-a does not serve: if menus are read",
    ),
    "caddy": stopped("caddy", told={*GUESTS, "Operations/Proxy"}, cause="Caddy does not answer"),
    "beszel": stopped("beszel", told={"Operations/Monitoring"}, cause="Beszel does not answer"),
    "certificate": Fault(
        lambda scene: exchange_certificate(scene, days=13),
        lambda scene: exchange_certificate(scene, days=90),
        {"Operations/Certificate"},
        "The certificate ends in less than 14 days",
    ),
    "waiting jobs": backlog(
        "Operations/Background work", "no worker takes them", waiting_seconds=301
    ),
    "dead jobs": backlog("Operations/Failed work", "A job was given up", dead=1),
    "backup": reported(BACKUPS, "Operations/Backups", "A backup failed or is missing"),
    "archive": reported(ARCHIVE, "Operations/Archive", "does not reach the bucket"),
    "drill": reported(DRILL, "Operations/Restore drill", "The last drill failed"),
    "disk": reported(DISK, "Operations/Disk", "Less than a tenth of the disk is free"),
}


def break_and_mend(scene: Scene, fault: Fault) -> None:
    """It is told by its cause, in few messages, and its end as well."""
    fault.do(scene)
    eventually(lambda: set(scene.told("triggered")) >= fault.told, within=30)
    _settle(scene, fault)
    assert len(scene.telegram.delivered) <= MOST_MESSAGES
    assert any(fault.cause in text for text in scene.telegram.delivered)
    for text in [*scene.telegram.delivered, *scene.webhook.delivered]:
        for part in (f"Host: {DOMAIN}.", "Since: ", "Runbook: docs/runbooks/", "Run: "):
            assert part in text

    scene.clear()
    fault.mend(scene)
    eventually(lambda: set(scene.told("resolved")) >= fault.told, within=30)
    _settle(scene, fault, word="resolved")
    assert scene.telegram.refused == []
    assert scene.webhook.refused == []


def _settle(scene: Scene, fault: Fault, *, word: str = "triggered") -> None:
    scene.settle()
    assert sorted(scene.told(word)) == sorted(fault.told)
    assert len(scene.telegram.delivered) == len(fault.told)
    assert len(scene.webhook.delivered) == len(fault.told)
