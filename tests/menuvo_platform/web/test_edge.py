import httpx
import pytest

from menuvo_platform.web.edge import MOST_BODY_BYTES


async def test_an_unknown_page_is_told_in_the_language_of_the_reader(
    client: httpx.AsyncClient,
) -> None:
    german = await client.get("/nowhere/at/all", headers={"accept-language": "de-DE,de"})
    english = await client.get("/nowhere/at/all", headers={"accept-language": "en;q=0.9, xx"})
    assert german.status_code == english.status_code == 404
    assert "Diese Seite gibt es nicht" in german.text
    assert "There is no such page" in english.text
    assert '<html lang="en"' in english.text


async def test_a_program_gets_the_same_as_json(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere/x/y", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_every_answer_has_its_id_and_the_security_headers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/live")
    assert len(answer.headers["x-request-id"]) == 16
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_request_id_of_the_proxy_is_kept_and_a_forged_one_is_not(
    client: httpx.AsyncClient,
) -> None:
    kept = await client.get("/live", headers={"x-request-id": "0123456789abcdef"})
    assert kept.headers["x-request-id"] == "0123456789abcdef"
    forged = await client.get("/live", headers={"x-request-id": 'x" evil="1'})
    assert "evil" not in forged.headers["x-request-id"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_a_form_of_another_site_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await client.post("/live", headers={**headers, "accept-language": "en"})
    assert answer.status_code == 405
    answer = await client.post(
        "/console/login", headers={**headers, "accept-language": "en"}, data={"email": "x"}
    )
    assert answer.status_code == 403


async def test_a_body_beyond_every_limit_is_read_and_told_kindly(client: httpx.AsyncClient) -> None:
    read = 0

    async def upload():
        nonlocal read
        chunk = b"x" * 1024 * 1024
        for _ in range(200):
            read += len(chunk)
            yield chunk

    answer = await client.post(
        "/console/login",
        content=upload(),
        headers={"content-length": str(200 * 1024 * 1024), "accept-language": "de"},
    )
    assert read == 200 * 1024 * 1024 > MOST_BODY_BYTES
    assert answer.status_code == 413
    assert "Das ist zu groß" in answer.text


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("origin", b"http://["),
        ("origin", b"\xff"),
        ("referer", b"http://["),
        ("hx-current-url", b"http://["),
        ("host", b"menuvo.test:99999"),
    ],
)
async def test_an_address_in_a_header_that_is_none_breaks_nothing(
    client: httpx.AsyncClient, header: str, value: bytes
) -> None:
    headers = [(b"accept", b"text/html"), (b"hx-request", b"true"), (header.encode(), value)]
    for path in ("/console/logout", "/nowhere/at/all"):
        answer = await client.post(path, headers=headers)
        assert answer.status_code < 500


async def test_an_error_page_leads_to_no_other_site(client: httpx.AsyncClient) -> None:
    page = await client.get("/%5Cevil.example/nowhere")
    assert page.status_code == 404
    assert "evil.example" not in page.text


@pytest.mark.parametrize(
    "path", ["/", "/live", "/console/login", "/static/x/shop.css", "/nowhere/at/all"]
)
async def test_a_head_is_answered_as_a_get_without_its_body(
    client: httpx.AsyncClient, path: str
) -> None:
    whole, head = await client.get(path), await client.head(path)
    assert head.status_code == whole.status_code
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.content == b""
