"""Passwords of the database that are others in the new release.

PostgreSQL keeps one password for a login. So platform and workers change between two logins: both
passwords are good until the last container has the new one.
"""

from menuvo_ops.environment import addresses
from menuvo_ops.environment.variables import LOGINS
from menuvo_ops.rollout.database import order
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.scram import verifier
from menuvo_ops.rollout.steps.step import Step

# The role that has the rights; the other login is a member of it.
_ROLE = LOGINS[0]
_OWNER = "menuvo"
_END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{}'"


class OpenLogin(Step):
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return f"Give {self._login(self.scene.target)} the new password; the old login stays good"

    def do(self) -> None:
        self._open(self.scene.target)

    def undo(self) -> None:
        self._close(self.scene.target)

    def _login(self, release: Release) -> str:
        return addresses.app_login(self.scene.values(release))

    def _open(self, release: Release) -> None:
        login, password = self._login(release), self.scene.values(release)["APP_DB_PASSWORD"]
        statements = [
            f"DO $$ BEGIN IF to_regrole('{login}') IS NULL THEN CREATE ROLE {login}; END IF; END $$"
        ]
        if login != _ROLE:
            statements.append(f"GRANT {_ROLE} TO {login}")
        rights = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
        statements.append(f"ALTER ROLE {login} {rights} PASSWORD '{verifier(password.reveal())}'")
        self._order(statements)

    def _close(self, release: Release) -> None:
        """Also to whoever is still in: our own containers have left it."""
        login = self._login(release)
        self._order([f"ALTER ROLE {login} NOLOGIN PASSWORD NULL", _END_SESSIONS.format(login)])

    def _order(self, statements: list[str]) -> None:
        order(self.scene.stack, self.scene.container("postgres"), statements)


class CloseLogin(OpenLogin):
    @property
    def sentence(self) -> str:
        return f"Close {self._login(self.previous)} with the old password"

    def do(self) -> None:
        self._close(self.previous)

    def undo(self) -> None:
        """Before anything else on the way back: what is put back connects as it."""
        self._open(self.previous)


class OwnerPassword(Step):
    """Only migrations and backups connect as the owner, and no guest waits for either. Sessions
    that are open stay, so a backup that is being made goes on."""

    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Give the owner of the database its new password"

    def do(self) -> None:
        self._give(self.scene.target)

    def undo(self) -> None:
        self._give(self.previous)

    def _give(self, release: Release) -> None:
        password = self.scene.values(release)["DB_PASSWORD"]
        statement = f"ALTER ROLE {_OWNER} PASSWORD '{verifier(password.reveal())}'"
        order(self.scene.stack, self.scene.container("postgres"), [statement])
