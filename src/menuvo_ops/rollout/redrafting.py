"""A release that was there already, once more and with another environment."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace

from menuvo_ops.environment import prepare
from menuvo_ops.environment.differences import differing
from menuvo_ops.environment.merging import Source
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variable import Variable
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import NotReady
from menuvo_ops.rollout.archive import PROGRAM, Archive
from menuvo_ops.rollout.clock import now
from menuvo_ops.rollout.drafting import source_of, write_environment
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.steps.installing import files_of
from menuvo_ops.rollout.telling import Noted, Tell
from menuvo_ops.rollout.turns import choose_login


def draft_of_rollback(
    stack: Stack, archive: Archive, wanted: Release, *, who: str, tell: Tell
) -> Release:
    """Fill the draft with a release of before: its files and its environment, but today's secrets,
    or a password that was changed since would lock the platform out."""
    source = source_of(archive.folder(wanted.number))
    today = source_of(stack.directory).values
    kept = renewed_secrets(source.values, today)
    source.values.update({name: today.get(name, Redacted("")) for name in kept})
    if kept:
        tell(Noted(f"These secrets stay as they are today: {', '.join(kept)}."))
    return _draft(stack, archive, wanted, source, who=who, tell=tell)


def draft_of_rotation(
    stack: Stack, archive: Archive, renewed: Mapping[str, str], *, who: str, tell: Tell
) -> Release:
    """Fill the draft with what serves, and these values. Raises NotReady where the environment
    holds something else that was not deployed yet: it would go in unasked, or be lost."""
    current = archive.serving()
    source = source_of(archive.folder(current.number))
    waiting = differing(source, source_of(stack.directory))
    if waiting:
        raise NotReady(
            f"In .env there is what was not deployed yet: {', '.join(waiting)}.",
            hint="Deploy it first, or take it back; menuvo env diff shows what it is.",
        )
    source.values.update({name: Redacted(value) for name, value in renewed.items()})
    return _draft(stack, archive, current, source, who=who, tell=tell)


def renewed_secrets(before: Values, today: Values) -> list[str]:
    """Names of secrets that have another value today, and what goes with them. One that there was
    not yet is none of them: what came with it, an address or a chat, is not kept either."""
    return [
        name
        for name, variable in VARIABLES.items()
        if text(before, name) != text(today, name) and _is_renewed(variable, before, today)
    ]


def _is_renewed(variable: Variable, before: Values, today: Values) -> bool:
    if variable.goes_with:
        return bool(text(before, variable.goes_with) and text(today, variable.goes_with))
    return variable.secret and bool(text(before, variable.name) and text(today, variable.name))


def _draft(
    stack: Stack, archive: Archive, wanted: Release, source: Source, *, who: str, tell: Tell
) -> Release:
    folder, before = archive.new_draft(), archive.folder(wanted.number)
    for name in (*sorted(files_of(before)), PROGRAM):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(before / name, folder / name)
    choose_login(archive, source)
    closing = read_without_mistakes(before / ".env").closing
    write_environment(folder, source, {}, closing, tell)
    prepare(folder)
    _require_images(stack, wanted)
    previous = archive.current()
    return replace(
        wanted,
        number=archive.next_number(),
        made_at=now(),
        made_by=who,
        previous=previous.number if previous else None,
        restores=wanted.restores or wanted.number,
    )


def _require_images(stack: Stack, wanted: Release) -> None:
    gone = [
        reference
        for reference, known in sorted(wanted.images.items())
        if (image := stack.image(reference)) is None or image.id != known
    ]
    if gone:
        raise NotReady(
            f"Release {wanted.name} cannot come back, its images are gone: {', '.join(gone)}.",
            hint=_alternatives(gone),
        )


def _alternatives(gone: Sequence[str]) -> str:
    pulls = " && ".join(f"docker pull {reference}" for reference in gone)
    return f"Fetch them ({pulls}), or choose another one: menuvo releases"
