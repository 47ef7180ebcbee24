"""The database goes first: to a schema on which both releases can run."""

from menuvo_ops.errors import CommandFailed, OpsError, ServiceFailed
from menuvo_ops.rollout.database import revision
from menuvo_ops.rollout.steps.step import Step

_DUMP_SECONDS = 3600
_MIGRATION_SECONDS = 3600


class Dump(Step):
    @property
    def sentence(self) -> str:
        return "Back up the database before its schema changes"

    def do(self) -> None:
        try:
            self.scene.stack.execute(
                self.scene.container("postgres-backup"),
                ["menuvo-backup", "now"],
                seconds=_DUMP_SECONDS,
            )
        except CommandFailed as failure:
            raise ServiceFailed(
                "The backup before the migration failed; nothing was changed.", hint=failure.hint
            ) from failure


class FirstDump(Dump):
    @property
    def sentence(self) -> str:
        return "Make the first backup"

    def do(self) -> None:
        """What serves already does not stop for a bucket that is not right yet."""
        try:
            super().do()
        except ServiceFailed as failure:
            self.scene.warn(f"The first backup failed: {failure.hint}")


class Migrate(Step):
    @property
    def sentence(self) -> str:
        return f"Bring the database to schema {self.scene.target.schema.head}, from the new image"

    def do(self) -> None:
        scene = self.scene
        running = scene.previous.schema.head if scene.previous else ""
        argv = ["menuvo-platform", "migrate", *(["--running", running] if running else [])]
        project = scene.project(scene.target, apart=True)
        try:
            told = scene.stack.run_task(
                project,
                "migrate",
                argv,
                seconds=_MIGRATION_SECONDS,
                interruption=scene.interruption,
            )
        except CommandFailed as failure:
            raise ServiceFailed(
                "The migration failed; nothing was switched.", hint=failure.hint
            ) from failure
        finally:
            scene.schema_ahead = self._is_ahead()
        for line in told.splitlines():
            scene.note(line)

    def _is_ahead(self) -> bool:
        """Whether the schema is now one that the release before did not make; a database that does
        not answer must not hide why the migration failed."""
        before = self.scene.previous
        try:
            return before is not None and (revision(self.scene) or "") > before.schema.head
        except OpsError:
            return False
