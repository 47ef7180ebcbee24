"""What the workflows read from the repository: its secrets and its variables, by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.shipping import handover

# Of the deployment, whose secrets only its job can read.
ENVIRONMENT = "production"
# Without these nothing is deployed.
_NEEDED = ("DOMAIN", "DEPLOY_HOST", "DEPLOY_SSH_KEY", "DEPLOY_KNOWN_HOSTS")
_SENTRY = ("SENTRY_ORG", "SENTRY_PROJECT", "SENTRY_URL")
_KEPT = "not set: the server keeps its own"


@dataclass(frozen=True)
class Access:
    """How the workflow reaches the server, as far as it was said."""

    host: str | None = None
    identity: Path | None = None
    known_hosts: Path | None = None


@dataclass(frozen=True)
class Entry:
    """One name of the repository, and where its value comes from."""

    name: str
    kind: Literal["secret", "variable"]
    value: Redacted
    source: str

    @property
    def is_needed(self) -> bool:
        return self.name in _NEEDED


def entries(values: Values, access: Access) -> list[Entry]:
    """All that the workflows read, also what has no value here. `values` are of a production."""
    return [*_access(access), *_environment(values), *_sentry(values)]


def _access(access: Access) -> Iterator[Entry]:
    yield _brought("DEPLOY_HOST", access.host or "", "--host")
    for name, option, file in (
        ("DEPLOY_SSH_KEY", "--identity", access.identity),
        ("DEPLOY_KNOWN_HOSTS", "--known-hosts", access.known_hosts),
    ):
        yield _brought(name, file.read_text(encoding="utf-8") if file else "", option)


def _brought(name: str, value: str, option: str) -> Entry:
    return Entry(name, "secret", Redacted(value), option if value else f"not set: give {option}")


def _environment(values: Values) -> Iterator[Entry]:
    for name in handover.names():
        value = text(values, name)
        kind = "secret" if VARIABLES[name].secret else "variable"
        yield Entry(name, kind, Redacted(value), ".env" if value else _KEPT)


def _sentry(values: Values) -> Iterator[Entry]:
    token = text(values, handover.OF_THE_WORKFLOW)
    unset = "not set: releases are not registered at Sentry"
    yield Entry(handover.OF_THE_WORKFLOW, "secret", Redacted(token), ".env" if token else unset)
    for name in _SENTRY:
        yield Entry(name, "variable", Redacted(""), "by hand, at GitHub")
