"""The files of a release become those of the deployment: in place, since containers mount them."""

from pathlib import Path

from menuvo_ops.environment import prepare
from menuvo_ops.environment.writing import write_if_changed
from menuvo_ops.rollout.archive import FAILED, JOURNAL, PROGRAM, RECORD
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.scene import Scene
from menuvo_ops.rollout.steps.step import Step

# What a release's folder holds for itself alone.
_NOT_INSTALLED = {RECORD, PROGRAM, JOURNAL, FAILED, ".env"}
_OWN_FOLDERS = {"logs", "secrets"}


class Install(Step):
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return "Put the release's files and environment in place"

    def do(self) -> None:
        install(self.scene, self.scene.target, instead_of=self.scene.previous)

    def undo(self) -> None:
        if self.scene.previous:
            install(self.scene, self.scene.previous, instead_of=self.scene.target)


def install(scene: Scene, release: Release, *, instead_of: Release | None) -> None:
    """Safe to repeat. A folder stays the same folder: a running container has mounted it."""
    directory, source = scene.stack.directory, scene.folder(release)
    wanted = files_of(source)
    for name in wanted:
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o755 if (source / name).stat().st_mode & 0o100 else 0o644
        write_if_changed(target, (source / name).read_bytes(), mode=mode)
    if instead_of is not None:
        for name in files_of(scene.folder(instead_of)) - wanted:
            (directory / name).unlink(missing_ok=True)
    write_if_changed(directory / ".env", (source / ".env").read_bytes(), mode=0o600)
    prepare(directory)


def files_of(release: Path) -> set[str]:
    """Of a release's folder, those that are put in place; by their path in it."""
    return {
        str(file.relative_to(release))
        for file in release.rglob("*")
        if file.is_file()
        and str(file.relative_to(release)) not in _NOT_INSTALLED
        and file.relative_to(release).parts[0] not in _OWN_FOLDERS
    }
