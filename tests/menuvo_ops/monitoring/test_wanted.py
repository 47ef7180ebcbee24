"""What Beszel is told to watch, and the addresses of its channels."""

from tests.conftest import CHECKOUT

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import Values
from menuvo_ops.monitoring.wanted import thresholds, wanted


def values(**named: str) -> Values:
    return {name: Redacted(value) for name, value in named.items()}


def test_without_a_channel_of_gatus_beszel_has_none_either() -> None:
    assert wanted(values(GATUS_TELEGRAM_TOKEN="123456:AA")).channels == ()


def test_telegram_and_the_webhook_become_addresses_of_beszels_sender() -> None:
    channels = wanted(
        values(
            GATUS_TELEGRAM_TOKEN="123456:AA-_b",
            GATUS_TELEGRAM_CHAT_ID="@the_kitchen",
            ALERT_WEBHOOK_URL="https://hooks.example.org/T0/B0?key=a&method=own",
        )
    ).channels
    assert channels == (
        "telegram://123456:AA-_b@telegram?chats=%40the_kitchen",
        "generic+https://hooks.example.org/T0/B0?key=a&__method=own&template=json&messagekey=text",
    )


def test_no_address_of_a_channel_is_shown_with_what_is_wanted() -> None:
    shown = repr(wanted(values(ALERT_WEBHOOK_URL="https://hooks.example.org/T0/secret")))
    assert "secret" not in shown


def test_the_load_is_measured_by_the_processors_of_the_server() -> None:
    assert thresholds(4)["LoadAvg5"].value == 8
    assert set(thresholds(4)) == {"CPU", "Memory", "Disk", "LoadAvg5", "Status"}


def test_an_alert_says_the_systems_name_and_that_is_where_the_runbook_stands() -> None:
    [line] = [
        line
        for line in (CHECKOUT / "infra/beszel/config.yml").read_text().splitlines()
        if "name:" in line
    ]
    runbook = line.partition("(")[2].partition(")")[0]
    assert (CHECKOUT / runbook).is_file()
