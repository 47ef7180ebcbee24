"""Errors, to whoever collects them as Sentry does. Imported only where a DSN is set: it is 4 MB.

Nothing of a request is collected in the first place: no header, cookie, body, address or variable.
What is sent is what is named here, and the words of an error without what could be somebody's.
"""

import logging
import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TypeAlias, cast

import sentry_sdk
from sentry_sdk.consts import CompressionAlgo
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import event_from_exception

from menuvo_platform.adapters.impersonal import impersonal

# What fails for everybody fails a hundred times a second.
AGAIN_SECONDS = 60.0
MOST_REMEMBERED = 200
FLUSH_SECONDS = 2.0
_TAGS = ("request_id", "job_id", "kind", "queue", "attempt", "instance", "side")
_SENT = {
    *("event_id", "timestamp", "level", "logger", "platform", "release", "environment"),
    *("server_name", "sdk", "tags", "message", "exception", "extra"),
}
_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Collector(logging.Handler):
    """Sends each line of level error; the same one at most once a minute."""

    def __init__(self, dsn: str, *, release: str, environment: str, instance: str) -> None:
        super().__init__(logging.ERROR)
        self._client: sentry_sdk.Client = sentry_sdk.Client(
            dsn=dsn,
            release=release,
            environment=environment,
            server_name=instance,
            include_local_variables=False,
            max_breadcrumbs=0,
            max_request_body_size="never",
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
            # By itself it takes Brotli, which not every server of this kind understands.
            _experiments={"transport_compression_algo": CompressionAlgo.GZIP},
            before_send=_allowed,
        )
        self._sent_at: dict[tuple[str, ...], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._send(record)
        except Exception:  # noqa: BLE001, what is wrong with telling must stop nobody
            self.handleError(record)

    def close(self) -> None:
        self._client.close(timeout=FLUSH_SECONDS)
        super().close()

    def _send(self, record: logging.LogRecord) -> None:
        told = cast("object", record.msg)
        facts = cast("Mapping[str, object]", told) if isinstance(told, dict) else {}
        name = str(facts.get("event") or record.getMessage())
        error = _error(facts.get("exc_info") or record.exc_info)
        if not self._is_news(name, type(error).__name__, str(facts.get("error", ""))):
            return
        event: Event = {}
        hint: Hint | None = None
        if error is not None:
            event, hint = event_from_exception(error, client_options=self._client.options)
        event["level"] = "fatal" if record.levelno >= logging.CRITICAL else "error"
        event["logger"] = record.name
        event["message"] = impersonal(name)
        event["tags"] = {tag: str(facts[tag]) for tag in _TAGS if tag in facts}
        event["extra"] = {key: facts[key] for key in ("error", "stack") if key in facts}
        _ = self._client.capture_event(event, hint)

    def _is_news(self, *what: str) -> bool:
        now = time.monotonic()
        if now - self._sent_at.get(what, -AGAIN_SECONDS) < AGAIN_SECONDS:
            return False
        if len(self._sent_at) >= MOST_REMEMBERED:
            self._sent_at.clear()
        self._sent_at[what] = now
        return True


def _error(told: object) -> BaseException | None:
    """As loggers are given it: the error, the three parts of it, or that there is one."""
    if isinstance(told, BaseException):
        return told
    parts = cast("_ExcInfo", told) if isinstance(told, tuple) else None
    if parts is None and told:
        parts = sys.exc_info()
    return parts[1] if parts else None


def _allowed(event: Event, _hint: Hint) -> Event:
    """The last step before sending, so that nothing a newer library adds goes along."""
    kept = cast("dict[str, object]", {key: event[key] for key in event if key in _SENT})
    exceptions = event.get("exception")
    for one in exceptions["values"] if exceptions else ():
        one["value"] = impersonal(str(one.get("value", "")))
        for frame in (one.get("stacktrace") or {}).get("frames", ()):
            _ = frame.pop("vars", None)
    return cast("Event", cast("object", kept))
