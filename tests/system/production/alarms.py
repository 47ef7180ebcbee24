"""Production with all its channels: Telegram, a webhook and somebody outside, on this machine."""

import json
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from menuvo_ops.environment.alerting import alerting
from menuvo_ops.environment.deadman import deadman
from menuvo_ops.environment.redacted import Redacted
from tests.alerts import telegram
from tests.alerts.outside import Outside
from tests.alerts.telegram import Telegram
from tests.alerts.webhook import Webhook
from tests.system.production.stack import DOMAIN, Production

HOST = f"status.{DOMAIN}"
# A period of a minute, and half a minute of grace: longer ones are no other test.
PATIENCE = 90.0


@dataclass
class Alarms:
    production: Production
    telegram: Telegram
    webhook: Webhook
    outside: Outside

    def told(self, word: str) -> list[str]:
        """Public names, in the order in which they were told on Telegram."""
        first = (text for text in self.telegram.delivered if f"has been {word}" in text)
        return [text.partition("An alert for ")[2].partition(" has been")[0] for text in first]

    def until_told(self, word: str, names: set[str], *, within: float) -> float:
        """Return the seconds that it took."""
        began = time.monotonic()
        self.production.until(lambda: names <= set(self.told(word)), within)
        return time.monotonic() - began

    def clear(self) -> None:
        self.telegram.delivered.clear()
        self.webhook.delivered.clear()

    def all_is_well(self) -> bool:
        """As the page shows it."""
        paths = ("/api/v1/endpoints/statuses", "/api/v1/suites/statuses")
        shown = [self.production.request(path, host=HOST) for path in paths]
        if any(answer.status_code != 200 for answer in shown):
            return False
        # Of one that was not asked yet there is no result.
        last = [one["results"][-1:] for answer in shown for one in answer.json()]
        are_well = all(result and result[0]["success"] for result in last)
        return bool(self.outside.heard) and are_well


@contextmanager
def heard(production: Production) -> Generator[Alarms]:
    """Gatus is started anew with these channels, and at the end with those of before."""
    secrets = production.folder / "secrets/gatus"
    before = {name: (secrets / name).read_text() for name in ("alerting.yaml", "deadman.yaml")}
    host = _address_of_this_machine(production)
    with ExitStack() as stack:
        alarms = Alarms(
            production,
            stack.enter_context(Telegram().listening(host)),
            stack.enter_context(Webhook().listening(host)),
            stack.enter_context(Outside(PATIENCE).listening(host)),
        )
        for name, content in _configuration(alarms, host).items():
            (secrets / name).write_text(content)
        production.compose("restart", "gatus")
        try:
            yield alarms
        finally:
            for name, content in before.items():
                (secrets / name).write_text(content)
            production.compose("restart", "gatus")


def _configuration(alarms: Alarms, host: str) -> dict[str, str]:
    values = {
        "DOMAIN": DOMAIN,
        "GATUS_TELEGRAM_TOKEN": telegram.TOKEN,
        "GATUS_TELEGRAM_CHAT_ID": telegram.CHAT,
        "ALERT_WEBHOOK_URL": f"http://{host}:{alarms.webhook.port}/hook",
        "DEADMAN_URL": f"http://{host}:{alarms.outside.port}/ping",
    }
    held = {name: Redacted(value) for name, value in values.items()}
    api = f'  telegram:\n    api-url: "http://{host}:{alarms.telegram.port}"\n'
    return {
        "alerting.yaml": alerting(held).replace("  telegram:\n", api),
        "deadman.yaml": deadman(held),
    }


def _address_of_this_machine(production: Production) -> str:
    """Which every container reaches."""
    argv = ["docker", "network", "inspect", "bridge"]
    [network] = json.loads(production.project.engine.docker(argv, what="Asking"))
    gateways = (one.get("Gateway", ":") for one in network["IPAM"]["Config"])
    return next(gateway for gateway in gateways if ":" not in gateway)
