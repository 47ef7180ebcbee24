"""Who may log in to the database, and with which password.

PostgreSQL keeps one password for a login. So platform and workers change between two logins: both
passwords are good until the last container has the new one.
"""

from menuvo_ops.environment.addresses import app_login
from menuvo_ops.environment.values import Values
from menuvo_ops.environment.variables import LOGINS
from menuvo_ops.rollout.database import order
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.scene import Scene
from menuvo_ops.rollout.scram import verifier

_OWNER = "menuvo"
# The role that has the rights; the other login is a member of it.
_ROLE = LOGINS[0]
_END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{}'"
_RIGHTS = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"


def open_login(scene: Scene, release: Release) -> None:
    _order(scene, _opening(scene.values(release)))


def close_login(scene: Scene, release: Release) -> None:
    _order(scene, _closing(app_login(scene.values(release))))


def give_owner(scene: Scene, release: Release) -> None:
    """Sessions that are open stay, so a backup that is being made goes on."""
    _order(scene, _owning(scene.values(release)))


def renew(scene: Scene, release: Release) -> None:
    """A database of before has passwords of before, also those that somebody has seen since."""
    values = scene.values(release)
    [other] = set(LOGINS) - {app_login(values)}
    _order(scene, [*_owning(values), *_opening(values), *_closing(other)])


def _opening(values: Values) -> list[str]:
    login, password = app_login(values), verifier(values["APP_DB_PASSWORD"].reveal())
    return [
        *(
            f"DO $$ BEGIN IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role}; END IF; END $$"
            for role in dict.fromkeys((_ROLE, login))
        ),
        *([f"GRANT {_ROLE} TO {login}"] if login != _ROLE else []),
        f"ALTER ROLE {login} {_RIGHTS} PASSWORD '{password}'",
    ]


def _closing(login: str) -> list[str]:
    """Also to whoever is still in: our own containers have left it."""
    close = f"ALTER ROLE {login} NOLOGIN PASSWORD NULL"
    return [
        f"DO $$ BEGIN IF to_regrole('{login}') IS NOT NULL THEN {close}; END IF; END $$",
        _END_SESSIONS.format(login),
    ]


def _owning(values: Values) -> list[str]:
    return [f"ALTER ROLE {_OWNER} PASSWORD '{verifier(values['DB_PASSWORD'].reveal())}'"]


def _order(scene: Scene, statements: list[str]) -> None:
    order(scene.stack, scene.container("postgres"), statements)
