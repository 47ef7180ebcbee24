from collections.abc import AsyncGenerator

import httpx
import pytest
from litestar.datastructures import UploadFile

from menuvo_platform.web.forms import Form


def test_text_is_trimmed_and_freed_of_what_no_database_stores() -> None:
    assert Form({"name": ["  A\x00n\x07na \n"]}).text("name") == "Anna"


def test_lines_of_a_note_stay() -> None:
    assert Form({"note": ["eins\r\nzwei\t!"]}).text("note") == "eins\r\nzwei\t!"


@pytest.fixture
async def chosen() -> AsyncGenerator[UploadFile]:
    file = UploadFile("text/csv", "a.csv")
    yield file
    await file.close()


@pytest.fixture
async def empty() -> AsyncGenerator[UploadFile]:
    """What a browser sends of a file's field in which nothing was chosen."""
    file = UploadFile("application/octet-stream", "")
    yield file
    await file.close()


async def test_what_is_missing_or_no_text_is_empty(chosen: UploadFile) -> None:
    form = Form({"file": [chosen]})
    assert [form.text(name) for name in ("file", "nothing")] == ["", ""]
    assert form.secret("nothing") == ""


def test_a_secret_is_exactly_what_was_entered() -> None:
    assert Form({"password": [" a\x00b "]}).secret("password") == " a\x00b "


async def test_a_field_left_empty_holds_no_file(chosen: UploadFile, empty: UploadFile) -> None:
    form = Form({"chosen": [chosen], "empty": [empty], "text": ["a"]})
    assert form.file("chosen") is chosen
    assert [form.file(name) for name in ("empty", "text", "nothing")] == [None, None, None]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("", b"\xff\xfe"),
        ("", b"\xed\xa0\x80"),
        ("\r\nContent-Type: text/plain; charset=utf-16", b"\xff"),
        ("\r\nContent-Type: text/plain; charset=nowhere", b"a"),
    ],
)
async def test_text_that_nobody_can_read_is_bad_input(
    client: httpx.AsyncClient, part: str, text: bytes
) -> None:
    head = f'--b\r\nContent-Disposition: form-data; name="email"{part}\r\n\r\n'.encode()
    answer = await client.post(
        "/console/login",
        content=head + text + b"\r\n--b--\r\n",
        headers={"content-type": "multipart/form-data; boundary=b"},
    )
    assert answer.status_code == 422
