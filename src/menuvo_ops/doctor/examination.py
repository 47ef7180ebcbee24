"""Every look, one after the other; what cannot be looked at is a finding too."""

from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from subprocess import SubprocessError
from typing import TypeVar

from menuvo_ops.doctor import backups, database, edge, machine, queues, redis, services
from menuvo_ops.doctor.finding import Checks, Finding, Found, ill, not_looked
from menuvo_ops.doctor.ground import Ground
from menuvo_ops.errors import MissingProgram, NotReady, OpsError

CHECKS: Checks = {
    **services.CHECKS,
    **edge.CHECKS,
    **database.CHECKS,
    **queues.CHECKS,
    **redis.CHECKS,
    **machine.CHECKS,
    **backups.CHECKS,
}
# Whom the looks ask whose names begin so: when one is lost, they would only say so again.
_ROOTS = {"database": ("database-", "queue-"), "redis": ("redis-",)}
_Ground = TypeVar("_Ground", bound=Ground)


def examine(ground: _Ground, checks: Mapping[str, Callable[[_Ground], Found]]) -> Iterator[Finding]:
    lost: set[str] = set()
    said: set[str] = set()
    for name, check in checks.items():
        root = next((root for root in lost if name.startswith(_ROOTS[root])), None)
        found = not_looked(f"The {root} does not answer.") if root else _look(check, ground, said)
        if found.status == "fail" and name in _ROOTS:
            lost.add(name)
        yield Finding(name, found.status, found.told, found.fix)


def _look(check: Callable[[_Ground], Found], ground: _Ground, said: set[str]) -> Found:
    """What keeps it from looking keeps most of them, and is not said again."""
    try:
        return check(ground)
    except (NotReady, MissingProgram) as refusal:
        if refusal.message in said:
            return not_looked(refusal.message)
        said.add(refusal.message)
        return ill(refusal.message, fix=refusal.hint)
    except OpsError as error:
        return ill(error.message, fix=error.hint)
    except (OSError, ValueError, LookupError, HTTPException, SubprocessError) as error:
        return ill(f"It cannot be looked at: {error}", fix="Report this with the line above.")
