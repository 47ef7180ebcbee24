"""What a deploy would change because of the environment, before anybody deploys."""

import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from menuvo_ops.environment import Deployment, examine
from menuvo_ops.environment.differences import differing
from menuvo_ops.environment.merging import Source
from menuvo_ops.environment.production import with_defaults
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.rendering import environment_file
from menuvo_ops.environment.secret_files import contents
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.environment.writing import write
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.drafting import source_of
from menuvo_ops.rollout.fingerprints import Contents, Fingerprints, fingerprints
from menuvo_ops.rollout.plan import TASKS, Changes, changes, needs_maintenance
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.steps.installing import files_of


@dataclass(frozen=True)
class Difference:
    """One name with another value in `.env` than in the release that serves. The values are None
    where they are a secret, or of a name that nobody knows."""

    name: str
    before: str | None
    after: str | None
    # Services whose containers a deploy would replace because of it.
    replaces: tuple[str, ...]
    # Why a plain deploy would refuse it.
    maintenance: tuple[str, ...]

    def __str__(self) -> str:
        values = "changed" if self.before is None else f"{self.before or '[empty]'} -> "
        values += "" if self.before is None else (self.after or "[empty]")
        effect = f"replaces {', '.join(self.replaces)}" if self.replaces else "replaces nothing"
        told = [f"{self.name}: {values} ({effect})"]
        return "\n".join([*told, *(f"  needs --maintenance: {why}" for why in self.maintenance)])


@dataclass(frozen=True)
class Comparison:
    release: Release
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        if not self.differences:
            return f"The environment is that of release {self.release.name}."
        head = f"Not yet deployed; release {self.release.name} serves with other values:"
        return "\n".join([head, *map(str, self.differences)])

    def as_facts(self) -> dict[str, object]:
        return {
            "release": self.release.number,
            "version": self.release.version,
            "equal": not self.differences,
            "needs_maintenance": any(one.maintenance for one in self.differences),
            "differences": [asdict(one) for one in self.differences],
        }


def compare(stack: Stack, archive: Archive) -> Comparison:
    """The files count as those of the release that serves: a deploy brings its own."""
    release = archive.serving()
    folder = archive.folder(release.number)
    before, after = source_of(folder), source_of(stack.directory)
    serving = fingerprints_of(stack, folder, release)
    found: list[Difference] = []
    with _copied(archive, folder) as scratch:
        for name in differing(before, after):
            _write_with(scratch, before, name, _value(after, name))
            wanted = fingerprints_of(stack, scratch, release)
            changed = changes(serving, wanted, migrates=False)
            found.append(_difference(name, before, after, changed))
    return Comparison(release, tuple(found))


def fingerprints_of(stack: Stack, folder: Path, release: Release) -> Fingerprints:
    """Of a release, with the files and the environment that lie in `folder`."""
    values = examine(Deployment(folder)).values
    return fingerprints(
        stack.config(stack.project(folder)),
        Contents(
            stack.directory,
            folder,
            {name: one.reveal().encode() for name, one in contents(values).items()},
            {name: value.reveal() for name, value in values.items()},
        ),
        release.images.get,
    )


def _difference(name: str, before: Source, after: Source, changed: Changes) -> Difference:
    shown = name in VARIABLES and not VARIABLES[name].secret
    return Difference(
        name,
        before=_value(before, name).reveal() if shown else None,
        after=_value(after, name).reveal() if shown else None,
        replaces=tuple(sorted(changed.services - TASKS)),
        maintenance=tuple(needs_maintenance(changed)),
    )


def _value(source: Source, name: str) -> Redacted:
    values: Values = with_defaults(source.values) if name in VARIABLES else source.unknown
    return Redacted(text(values, name))


@contextmanager
def _copied(archive: Archive, folder: Path) -> Generator[Path]:
    """Within the releases, which nobody else may enter: it is going to hold secrets."""
    with tempfile.TemporaryDirectory(prefix=".diff-", dir=archive.root) as made:
        for name in files_of(folder):
            (Path(made) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, Path(made) / name)
        yield Path(made)


def _write_with(scratch: Path, serving: Source, name: str, value: Redacted) -> None:
    """The environment that serves, had it this one other value."""
    values: Mapping[str, Redacted] = serving.values
    unknown: Mapping[str, Redacted] = serving.unknown
    if name in VARIABLES:
        values = {**values, name: value}
    else:
        unknown = {**unknown, name: value}
    write(scratch / ".env", environment_file(values, unknown).encode(), mode=0o600)
