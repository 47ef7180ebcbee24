"""One Gatus with production's configuration, its two channels, and a site to be broken."""

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.alerts import telegram
from tests.alerts.gatus import Gatus, prepared_gatus
from tests.alerts.outside import Outside
from tests.alerts.site import Site
from tests.alerts.telegram import Telegram
from tests.alerts.webhook import Webhook
from tests.menuvo_ops.waiting import eventually

MONITOR_TOKEN = "a-token-of-the-tests-in-one-word"
# Sixty times as fast as in production, whose own pace tests/meta judges. The backup service is not
# there, and its silence is the subject of one test alone.
PACE = {"30s": "500ms", "1m": "1s", "80s": "1h"}
PATIENCE = 4.0
CHECKS = 6


@dataclass
class Scene:
    gatus: Gatus
    site: Site
    telegram: Telegram
    webhook: Webhook
    outside: Outside

    def told(self, word: str) -> list[str]:
        """The public names of what was told on Telegram, by `triggered` or `resolved`."""
        first = (text for text in self.telegram.delivered if f"has been {word}" in text)
        return [text.partition("An alert for ")[2].partition(" has been")[0] for text in first]

    def settle(self) -> None:
        """Until everything was asked several times more: what is told by then is all of it."""
        moments = set[str]()

        def was_asked() -> bool:
            moments.add(self.gatus.last("guests_menus")["timestamp"])
            return len(moments) > CHECKS

        eventually(was_asked, within=90)

    def clear(self) -> None:
        self.telegram.delivered.clear()
        self.webhook.delivered.clear()


@pytest.fixture
def values(scene_parts: tuple[Telegram, Webhook, Outside]) -> dict[str, str]:
    _, webhook, outside = scene_parts
    return {
        "GATUS_TELEGRAM_TOKEN": telegram.TOKEN,
        "GATUS_TELEGRAM_CHAT_ID": telegram.CHAT,
        "ALERT_WEBHOOK_URL": f"http://127.0.0.1:{webhook.port}/hook",
        "DEADMAN_URL": f"http://127.0.0.1:{outside.port}/ping",
        "BACKUP_MONITOR_TOKEN": MONITOR_TOKEN,
    }


@pytest.fixture
def scene_parts() -> Generator[tuple[Telegram, Webhook, Outside]]:
    with ExitStack() as stack:
        yield (
            stack.enter_context(Telegram().listening()),
            stack.enter_context(Webhook().listening()),
            stack.enter_context(Outside(PATIENCE).listening()),
        )


@pytest.fixture
def pace() -> dict[str, str]:
    return PACE


@pytest.fixture
def prepared(
    tmp_path: Path,
    values: dict[str, str],
    pace: dict[str, str],
    scene_parts: tuple[Telegram, Webhook, Outside],
) -> Generator[Scene]:
    """Gatus does not run yet."""
    telegram, webhook, outside = scene_parts
    with Site(tmp_path).running() as site:
        gatus = prepared_gatus(
            tmp_path / "gatus",
            values,
            ports=site.ports,
            pace=pace,
            telegram=f"http://127.0.0.1:{telegram.port}",
        )
        yield Scene(gatus, site, telegram, webhook, outside)


@pytest.fixture
def scene(prepared: Scene) -> Generator[Scene]:
    """All was well once."""
    with prepared.gatus.running():
        eventually(lambda: prepared.outside.heard, within=30)
        yield prepared
