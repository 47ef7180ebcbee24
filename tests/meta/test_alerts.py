"""Each alert says what a person needs who is woken by it, soon enough, and leads to a runbook."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.core import TyperGroup
from typer.main import get_command

from menuvo_backup.monitor import PERIOD_SECONDS
from menuvo_ops.cli import app
from menuvo_ops.environment.deadman import deadman
from menuvo_ops.environment.heartbeats import heartbeats
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.server.arguments import read
from tests.alerts import telegram

CHECKOUT = Path(__file__).parents[2]
RUNBOOKS = CHECKOUT / "docs/runbooks"
SECTIONS = ["Symptom", "Check", "Fix", "Verify"]
SECONDS = 180
DOMAIN = "menuvo.example"
VALUES = {
    "DOMAIN": Redacted(DOMAIN),
    "BACKUP_MONITOR_TOKEN": Redacted("a-token"),
    "DEADMAN_URL": Redacted("https://hc.example/1"),
}
CHECKS = yaml.safe_load((CHECKOUT / "infra/gatus/gatus.yaml").read_text())
SUITES = [*CHECKS["suites"], *yaml.safe_load(deadman(VALUES))["suites"]]
REPORTS = yaml.safe_load(heartbeats(VALUES))["external-endpoints"]


@dataclass(frozen=True)
class Alert:
    """`checked` is how often, `patience` how long one answer is waited for, in seconds."""

    name: str
    checked: float
    patience: float
    channels: list[dict[str, Any]]

    @property
    def text(self) -> str:
        (text,) = {channel["description"].replace("${DOMAIN}", DOMAIN) for channel in self.channels}
        return text

    @property
    def runbook(self) -> str:
        (name,) = re.findall(r"Runbook: docs/runbooks/([\w-]+)\.md\. ", self.text)
        return name

    @property
    def command(self) -> str:
        (command,) = re.findall(r"Run: `([^`]+)`$", self.text)
        return command


def seconds(duration: str) -> float:
    number, unit = re.fullmatch(r"(\d+)([sm])", duration).groups()  # type: ignore[union-attr]
    return int(number) * {"s": 1, "m": 60}[unit]


def alerts() -> list[Alert]:
    found = [
        Alert(
            f"{one['group']}/{one['name']}", seconds(one["interval"]), patience(one), one["alerts"]
        )
        for one in CHECKS["endpoints"]
    ]
    for suite in SUITES:
        found += [
            Alert(
                f"{suite['group']}/{step['name']}",
                seconds(suite["interval"]),
                patience(step),
                step["alerts"],
            )
            for step in suite["endpoints"]
            if "alerts" in step
        ]
    found += [
        Alert(f"{one['group']}/{one['name']}", PERIOD_SECONDS, 0, one["alerts"]) for one in REPORTS
    ]
    return found


def patience(check: dict[str, Any]) -> float:
    return seconds(check["client"]["timeout"])


ALERTS = alerts()
each_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)


def test_there_is_one_for_everything_that_can_break() -> None:
    assert [alert.name for alert in ALERTS] == [
        *("Guests/Menus", "Guests/Orders", "Operations/Live updates", "Operations/Monitoring"),
        *("Operations/Database", "Operations/Instance A", "Operations/Instance B"),
        *("Operations/Background work", "Operations/Failed work"),
        *("Operations/Proxy", "Operations/Certificate", "Operations/Somebody outside"),
        *("Operations/Backups", "Operations/Archive", "Operations/Restore drill"),
        "Operations/Disk",
    ]


@each_alert
def test_it_goes_to_both_channels_with_its_end(alert: Alert) -> None:
    assert [channel["type"] for channel in alert.channels] == ["telegram", "custom"]
    assert all(channel["send-on-resolved"] is True for channel in alert.channels)
    assert {channel["success-threshold"] for channel in alert.channels} == {2}


@each_alert
def test_it_names_host_moment_runbook_and_a_command_that_exists(alert: Alert) -> None:
    assert f" Host: {DOMAIN}. " in alert.text
    assert re.search(r" Since: [^.]+ before this alert\. ", alert.text)
    assert (RUNBOOKS / f"{alert.runbook}.md").is_file()
    program, *words = shlex.split(alert.command)
    assert program == "./menuvo"
    read(words)


@each_alert
def test_both_channels_can_read_it(alert: Alert) -> None:
    """The webhook gets it in a JSON text as it is; Gatus refuses the same signs."""
    assert not set(alert.text) & {'"', "\\", "\n"}
    shown = telegram.without_entities(f"*Gatus* _in a row_ {alert.text}")
    assert shown.endswith(alert.command)
    assert len(alert.text) < 400


@each_alert
def test_it_is_told_within_three_minutes(alert: Alert) -> None:
    (failures,) = {channel["failure-threshold"] for channel in alert.channels}
    told = failures * alert.checked + alert.patience
    # A channel that refuses it is tried again at the next check. Nothing here depends on the
    # address outside, which is asked every minute.
    again = alert.checked if alert.name != "Operations/Somebody outside" else 0
    assert told + again <= SECONDS


def test_silence_is_told_within_three_minutes() -> None:
    """Gatus looks once in the interval whether there was a report within it."""
    (interval,) = [one["heartbeat"]["interval"] for one in REPORTS if "heartbeat" in one]
    assert 2 * seconds(interval) <= SECONDS


def test_no_check_shows_what_it_asks() -> None:
    steps = [step for suite in SUITES for step in suite["endpoints"]]
    for check in [*CHECKS["endpoints"], *steps]:
        hidden = {name for name, value in check["ui"].items() if value}
        assert {f"hide-{what}" for what in ("conditions", "errors", "hostname", "url")} <= hidden
        assert "dont-resolve-failed-conditions" in hidden


def test_no_step_of_a_suite_runs_after_one_that_was_skipped() -> None:
    """Gatus gives its result to another step then."""
    assert all("always-run" not in step for suite in SUITES for step in suite["endpoints"])


def runbooks() -> set[str]:
    return {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}


def procedures() -> set[str]:
    index = (RUNBOOKS / "README.md").read_text()
    return set(re.findall(r"^- \[[\w-]+\]\(([\w-]+)\.md\)", index, re.MULTILINE))


def test_each_runbook_belongs_to_an_alert_or_is_named_as_a_procedure() -> None:
    of_alerts = {alert.runbook for alert in ALERTS}
    assert of_alerts.isdisjoint(procedures())
    assert of_alerts | procedures() == runbooks()


@pytest.mark.parametrize("name", sorted({alert.runbook for alert in ALERTS}))
def test_a_runbook_has_symptom_check_fix_and_verify(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    symptom = text.split("## ")[1]
    for alert in ALERTS:
        assert (f"`{alert.name}`" in symptom) or alert.runbook != name


@pytest.mark.parametrize("name", sorted(runbooks()))
def test_the_commands_of_a_runbook_exist(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text()
    services = yaml.safe_load((CHECKOUT / "infra/docker-compose.yml").read_text())["services"]
    for command in re.findall(r"docker compose (?:logs|ps|up|restart) ([^\n`|)]*)", text):
        named = {word for word in command.split() if re.fullmatch(r"[a-z][a-z-]+", word)}
        assert named <= services.keys(), command
    for command in re.findall(r"(?:^ *|`)\./menuvo ([^\n`]*)", text, re.MULTILINE):
        words = [word for word in shlex.split(command) if word != "..."]
        if words[0] == "server" or "--host" in words:
            read_on_a_laptop(words)
        else:
            read(words)


@pytest.mark.parametrize("name", sorted(runbooks()))
def test_no_runbook_keeps_guests_out_with_a_firewall_that_docker_passes_by(name: str) -> None:
    assert not re.search(r"ufw (?:insert|deny|reject)", (RUNBOOKS / f"{name}.md").read_text())


def read_on_a_laptop(words: list[str]) -> None:
    command: Any = get_command(app)
    while isinstance(command, TyperGroup):
        command, *words = command.commands[words[0]], *words[1:]
    command.make_context(command.name, words)


def test_the_reference_has_each_alert_with_its_runbook_and_its_time() -> None:
    text = (CHECKOUT / "docs/reference/alerts.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    told = {
        name: (runbook, int(time))
        for row in rows
        for name in re.findall(r"`((?:Guests|Operations)/[\w ]+)`", row.split("|")[1])
        for time, runbook in re.findall(r"\| (\d+) s[^|]* \| \[([\w-]+)\]", row)
    }
    assert told == {
        alert.name: (
            alert.runbook,
            alert.channels[0]["failure-threshold"] * alert.checked,
        )
        for alert in ALERTS
    }
