"""Passwords of the database that are others in the new release."""

from menuvo_ops.environment.addresses import app_login
from menuvo_ops.rollout import logins
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.steps.step import Step


class OpenLogin(Step):
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return f"Give {self._login(self.scene.target)} the new password; the old login stays good"

    def do(self) -> None:
        logins.open_login(self.scene, self.scene.target)

    def undo(self) -> None:
        logins.close_login(self.scene, self.scene.target)

    def _login(self, release: Release) -> str:
        return app_login(self.scene.values(release))


class CloseLogin(OpenLogin):
    @property
    def sentence(self) -> str:
        return f"Close {self._login(self.previous)} with the old password"

    def do(self) -> None:
        logins.close_login(self.scene, self.previous)

    def undo(self) -> None:
        """Before anything else on the way back: what is put back connects as it."""
        logins.open_login(self.scene, self.previous)


class OwnerPassword(Step):
    """Only migrations and backups connect as the owner, and no guest waits for either."""

    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Give the owner of the database its new password"

    def do(self) -> None:
        logins.give_owner(self.scene, self.scene.target)

    def undo(self) -> None:
        logins.give_owner(self.scene, self.previous)
