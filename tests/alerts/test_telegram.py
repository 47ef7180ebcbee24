"""The stub refuses what Telegram refuses; else a message that never arrives would look fine."""

import json
from pathlib import Path

import pytest

from tests.alerts.gatus import prepared_gatus
from tests.alerts.telegram import CHAT, LONGEST, TOKEN, Refused, Telegram, read
from tests.menuvo_ops.waiting import eventually

PATH = f"/bot{TOKEN}/sendMessage"


def message(**changed: object) -> bytes:
    told = {"chat_id": CHAT, "text": "*Bold* and _thin_", "parse_mode": "MARKDOWN", **changed}
    return json.dumps(told).encode()


def test_it_shows_what_a_person_would_read() -> None:
    assert read(PATH, message()) == "Bold and thin"
    assert read(PATH, message(text=r"a\_b `x_y` [link](z)")) == "a_b x_y link(z)"
    assert read(PATH, message(text="a_b", parse_mode="")) == "a_b"


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/bot123456789:wrong/sendMessage", message(), "Unauthorized"),
        (f"/bot{TOKEN}/sendText", message(), "Not Found"),
        (PATH, b"{", "can't parse JSON object"),
        (PATH, message(chat_id=""), "chat_id is empty"),
        (PATH, message(chat_id="-1"), "chat not found"),
        (PATH, message(text=" "), "message text is empty"),
        (PATH, message(text="x" * (LONGEST + 1)), "message is too long"),
        (PATH, message(parse_mode="TEXTILE"), "unsupported parse_mode"),
        (PATH, message(text="ä a_b"), "can't parse entities: Can't find end of the entity"),
        (PATH, message(text="ä a_b"), "at byte offset 4"),
        (PATH, message(text="`a"), "can't parse entities"),
    ],
)
def test_it_refuses_what_telegram_refuses(path: str, body: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence.replace("(", r"\(")):
        read(path, body)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"GATUS_TELEGRAM_TOKEN": "123456789:of-another-bot"}, "Unauthorized"),
        ({"GATUS_TELEGRAM_CHAT_ID": "-1"}, "Bad Request: chat not found"),
    ],
    ids=["token", "chat"],
)
def test_a_channel_that_is_set_wrong_is_said_in_the_log_of_gatus(
    tmp_path: Path, wrong: dict[str, str], sentence: str
) -> None:
    values = {"GATUS_TELEGRAM_TOKEN": TOKEN, "GATUS_TELEGRAM_CHAT_ID": CHAT, **wrong}
    with Telegram().listening() as telegram:
        gatus = prepared_gatus(
            tmp_path / "gatus",
            values,
            pace={"30s": "500ms"},
            telegram=f"http://127.0.0.1:{telegram.port}",
        )
        with gatus.running():
            eventually(lambda: telegram.refused, within=30)
            log = gatus.folder / "gatus.log"
            eventually(lambda: sentence in log.read_text(), within=10)
