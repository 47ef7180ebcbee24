"""What an instance counts, and what it does not."""

import uuid
from contextlib import nullcontext

import httpx
import pytest
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from menuvo_platform.app import Application
from menuvo_platform.db.session import Sessions
from menuvo_platform.web.metrics import Metered, Metrics
from menuvo_platform.web.platform import Platform
from menuvo_platform.web.sse import event_stream
from tests.menuvo_platform.shop.restaurant import add_restaurant

METRICS = "/internal/metrics"


def text_of(metrics: Metrics) -> str:
    registry = CollectorRegistry()
    registry.register(metrics)
    return generate_latest(registry).decode()


def figures(metrics: Metrics) -> dict[str, float]:
    """Answers by class, and how many were timed."""
    told = text_string_to_metric_families(text_of(metrics))
    found: dict[str, float] = {}
    for sample in (sample for family in told for sample in family.samples):
        if sample.name == "menuvo_http_requests_total":
            found[sample.labels["status"]] = sample.value
        elif sample.name == "menuvo_http_request_seconds_count":
            found["timed"] = sample.value
    return found


async def ask_once(app: ASGIApp, path: str = "/anything", kind: str = "http") -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}  # pyright: ignore[reportReturnType]

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "method": "GET", "headers": [], "state": {}}
    await app(scope, receive, send)  # pyright: ignore[reportArgumentType]
    return sent


def answering(status: int, kind: bytes = b"text/html") -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"vary", b"x"), (b"content-type", kind)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"x", "more_body": False})

    return app


async def failing(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("nobody foresaw this")


async def test_before_anything_was_asked_every_class_is_there_with_nothing() -> None:
    assert figures(Metrics()) == {"2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0, "timed": 0}


@pytest.mark.parametrize("status", [200, 204, 301, 304, 404, 429, 500, 503])
async def test_an_answer_is_counted_by_its_class_and_timed(status: int) -> None:
    metrics = Metrics()
    await ask_once(Metered(answering(status), metrics))
    assert figures(metrics)[f"{status // 100}xx"] == 1
    assert figures(metrics)["timed"] == 1
    assert sum(figures(metrics).values()) == 2


async def test_what_nobody_turned_into_an_answer_is_counted_as_a_failure() -> None:
    metrics = Metrics()
    with pytest.raises(RuntimeError):
        await ask_once(Metered(failing, metrics))
    assert (figures(metrics)["5xx"], figures(metrics)["timed"]) == (1, 1)


async def test_a_stream_is_counted_and_not_timed() -> None:
    metrics = Metrics()
    await ask_once(Metered(answering(200, b"text/event-stream; charset=utf-8"), metrics))
    assert (figures(metrics)["2xx"], figures(metrics)["timed"]) == (1, 0)


@pytest.mark.parametrize("ending", ["well", "badly"])
async def test_a_stream_is_open_until_it_ends(ending: str) -> None:
    metrics = Metrics()
    seen: list[int] = []

    async def streaming(scope: Scope, receive: Receive, send: Send) -> None:
        await answering(200, b"text/event-stream")(scope, receive, send)
        seen.append(metrics.open_streams)
        if ending == "badly":
            raise RuntimeError("nobody foresaw this")

    with nullcontext() if ending == "well" else pytest.raises(RuntimeError):
        await ask_once(Metered(streaming, metrics))
    assert (seen, metrics.open_streams) == ([1], 0)


@pytest.mark.parametrize(
    "path", ["/live", "/ready", "/health", "/internal/probe", "/internal/metrics"]
)
async def test_questions_from_inside_are_not_counted(path: str) -> None:
    metrics = Metrics()
    await ask_once(Metered(answering(503), metrics), path)
    assert sum(figures(metrics).values()) == 0


async def test_how_long_it_took_stands_in_its_bucket() -> None:
    metrics = Metrics()
    metrics.count("/", {"type": "http.response.start", "status": 200, "headers": []}, 0.07)
    told = text_of(metrics)
    assert 'menuvo_http_request_seconds_bucket{le="0.05"} 0.0' in told
    assert 'menuvo_http_request_seconds_bucket{le="0.1"} 1.0' in told
    assert [le for le in ("0.005", "10.0") if f'le="{le}"' in told] == ["0.005", "10.0"]


async def test_a_page_from_memory_an_unknown_one_and_an_error_are_counted(
    client: httpx.AsyncClient,
    platform_of_client: Platform,
    owner_sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    restaurant = await add_restaurant(owner_sessions)
    before = figures(platform_of_client.metrics)
    for _ in range(3):
        assert (await client.get(restaurant.path)).status_code == 200
    assert (await client.get("/nowhere/at/all")).status_code == 404

    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("nobody foresaw this")

    with monkeypatch.context() as patched:
        patched.setattr(platform_of_client.assets, "find", broken)
        assert (await client.get("/static/x/shop.css")).status_code == 500
    after = figures(platform_of_client.metrics)
    assert {name: after[name] - before[name] for name in after} == {
        "2xx": 3,
        "3xx": 0,
        "4xx": 1,
        "5xx": 1,
        "timed": 5,
    }


async def test_a_real_stream_says_what_it_is(platform_of_client: Platform) -> None:
    """Or it would be timed."""

    async def nothing_new(_: int) -> None:
        return None

    stream = event_stream(platform_of_client, uuid.uuid4(), nothing_new, 0)
    assert (stream.media_type or "").startswith("text/event-stream")


async def test_the_figures_are_told_as_prometheus_reads_them(client: httpx.AsyncClient) -> None:
    answer = await client.get(METRICS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    families = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {"menuvo_http_requests", "menuvo_http_request_seconds"} <= families


@pytest.fixture
def platform_of_client(application: Application) -> Platform:
    return application._platform
