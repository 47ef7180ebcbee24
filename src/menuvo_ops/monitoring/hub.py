"""Beszel's hub, asked through its own API as the account that `.env` names."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.errors import ServiceFailed

Record = Mapping[str, object]
# A method, a path, headers and a body; the status and the answer.
Ask = Callable[[str, str, Mapping[str, str], bytes], "tuple[int, bytes]"]

_COLLECTIONS = "/api/collections"
_ALERTS = "/api/beszel/user-alerts"
_LOGS = "docker compose logs --tail 50 beszel"


@dataclass(frozen=True)
class Threshold:
    """An alert comes when `value` was exceeded on average of so many `minutes`."""

    value: float
    minutes: int


@dataclass(frozen=True)
class System:
    id: str
    # up, down, paused, or pending until it was asked for the first time.
    status: str


@dataclass(frozen=True)
class Settings:
    """Of the account; `content` is kept as it is but for what is changed."""

    id: str
    content: Record


@dataclass(frozen=True)
class Hub:
    """Raises ServiceFailed when it does not answer, or not as it should. No message has a word of
    what was sent: that holds passwords and the addresses of channels."""

    ask: Ask
    account: str
    token: str = field(repr=False)

    def system(self) -> "System | None":
        """There is one: the hub forgets all that do not stand in its config.yml."""
        for one in self._records("systems"):
            return System(_text(one, "id"), _text(one, "status"))
        return None

    def thresholds(self) -> "dict[str, Threshold]":
        """By the name of what is measured."""
        return {
            _text(one, "name"): Threshold(_number(one, "value"), int(_number(one, "min")))
            for one in self._records("alerts")
        }

    def set_threshold(self, system: System, name: str, threshold: Threshold) -> None:
        wanted = {
            "name": name,
            "value": threshold.value,
            "min": threshold.minutes,
            "systems": [system.id],
            "overwrite": True,
        }
        self._call("POST", _ALERTS, wanted)

    def settings(self) -> "Settings | None":
        """None until somebody has looked at the pages, or we have made them."""
        for one in self._records("user_settings"):
            return Settings(_text(one, "id"), _record(one, "settings"))
        return None

    def make_settings(self) -> Settings:
        """The hub fills them in itself, whatever is sent along."""
        made = self._call("POST", _records_of("user_settings"), {"user": self.account})
        return Settings(_text(made, "id"), _record(made, "settings"))

    def write_settings(self, settings: Settings) -> None:
        path = f"{_records_of('user_settings')}/{settings.id}"
        self._call("PATCH", path, {"settings": settings.content})

    def _records(self, collection: str) -> "list[Record]":
        found = self._call("GET", f"{_records_of(collection)}?perPage=200")
        return cast("list[Record]", found.get("items") or [])

    def _call(self, method: str, path: str, content: "Record | None" = None) -> Record:
        return _call(self.ask, method, path, content, token=self.token)


def log_in(ask: Ask, email: str, password: Redacted) -> Hub:
    """Raises ServiceFailed, as everything that is asked later."""
    path = f"{_COLLECTIONS}/users/auth-with-password"
    told = _call(ask, "POST", path, {"identity": email, "password": password.reveal()})
    return Hub(ask, _text(_record(told, "record"), "id"), _text(told, "token"))


def _records_of(collection: str) -> str:
    return f"{_COLLECTIONS}/{collection}/records"


def _call(ask: Ask, method: str, path: str, content: "Record | None", *, token: str = "") -> Record:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = token
    body = b"" if content is None else json.dumps(content).encode()
    status, answer = ask(method, path, headers, body)
    if status != HTTPStatus.OK:
        raise _refusal(method, path, status, is_login=not token)
    try:
        told = cast("object", json.loads(answer))
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ServiceFailed(f"Beszel answers {method} {path} with something else.", hint=_LOGS)
    return cast("Record", told)


def _refusal(method: str, path: str, status: int, *, is_login: bool) -> ServiceFailed:
    if is_login and status == HTTPStatus.BAD_REQUEST:
        return ServiceFailed(
            "Beszel takes no login with BESZEL_USER_EMAIL and BESZEL_USER_PASSWORD.",
            hint="It keeps those of its first start: put them back into .env, or begin anew by"
            " docs/reference/monitoring.md.",
        )
    return ServiceFailed(f"Beszel answers {method} {path} with {status}.", hint=_LOGS)


def _text(record: Record, name: str) -> str:
    return str(record.get(name) or "")


def _record(record: Record, name: str) -> Record:
    value = record.get(name)
    return cast("Record", value) if isinstance(value, dict) else dict[str, object]()


def _number(record: Record, name: str) -> float:
    value = record.get(name)
    return float(value) if isinstance(value, (int, float)) else 0.0
