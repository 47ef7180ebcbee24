"""Which secrets are changed how, and the stages of the one that signs."""

import pytest
from tests.menuvo_ops.environment.complete import COMPLETE, values

from menuvo_ops.environment.checks import check_values
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.rotations import (
    ROTATIONS,
    Rotation,
    find_rotation,
    following_stage,
    last_stage,
    renewed,
)
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import NotReady, Usage
from menuvo_ops.shipping.github import ENVIRONMENT

MADE = [one for one in ROTATIONS.values() if one.is_made]
ELSEWHERE = ("BESZEL_USER_PASSWORD", "SENTRY_AUTH_TOKEN")


def then(before: Values, changed: dict[str, str]) -> Values:
    return {**before, **{name: Redacted(value) for name, value in changed.items()}}


def test_every_secret_is_rotated_here_or_is_said_to_be_changed_elsewhere() -> None:
    rotated = {name for one in ROTATIONS.values() for name in one.names}
    secrets = {one.name for one in VARIABLES.values() if one.secret and not one.is_ours}
    assert rotated == {*secrets, "BESZEL_AGENT_KEY", "BACKUP_AGE_RECIPIENT"} - set(ELSEWHERE)
    for name in ELSEWHERE:
        with pytest.raises(Usage, match=f"{name} is not changed here"):
            find_rotation(name)


def test_what_the_workflow_alone_reads_is_set_where_it_reads_it() -> None:
    """A secret of the repository would lose against that of the environment."""
    with pytest.raises(Usage) as refused:
        find_rotation("SENTRY_AUTH_TOKEN")
    assert refused.value.hint.endswith(f"SENTRY_AUTH_TOKEN --env {ENVIRONMENT}")


@pytest.mark.parametrize("name", ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"])
def test_either_half_of_a_key_names_the_rotation_of_both(name: str) -> None:
    assert find_rotation(name).names == ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")


@pytest.mark.parametrize(("name", "told"), [("DOMAIN", "is no secret"), ("NAME", "is no name")])
def test_what_cannot_be_rotated_is_said(name: str, told: str) -> None:
    with pytest.raises(Usage, match=f"{name} {told}"):
        find_rotation(name)


@pytest.mark.parametrize("rotation", MADE, ids=lambda one: one.name)
def test_what_a_machine_makes_is_another_one_and_right(rotation: Rotation) -> None:
    changed = dict(renewed(rotation, values(), {}))
    assert changed
    for name, value in changed.items():
        assert value != COMPLETE.get(name, "")
    after = then(values(), changed)
    assert [one for one in check_values(after) if one.severity == "error"] == []


def test_the_secret_that_signs_is_believed_before_it_signs_and_the_old_one_after() -> None:
    signing, old = ROTATIONS["AUTH_SECRET"], COMPLETE["AUTH_SECRET"]
    announced = then(values(), dict(renewed(signing, values(), {})))
    new = text(announced, "AUTH_SECRET_NEXT")
    assert (text(announced, "AUTH_SECRET"), len(new)) == (old, 40)
    switched = then(announced, dict(following_stage(announced) or {}))
    assert text(switched, "AUTH_SECRET") == new
    assert text(switched, "AUTH_SECRET_PREVIOUS") == old
    assert text(switched, "AUTH_SECRET_NEXT") == ""
    assert following_stage(switched) is None
    finished = then(switched, dict(last_stage(switched)))
    assert (text(finished, "AUTH_SECRET"), text(finished, "AUTH_SECRET_PREVIOUS")) == (new, "")


def test_a_rotation_that_was_cut_off_between_its_stages_goes_on_with_the_same_secret() -> None:
    announced = then(values(), {"AUTH_SECRET_NEXT": "n" * 40})
    assert renewed(ROTATIONS["AUTH_SECRET"], announced, {})["AUTH_SECRET"] == "n" * 40


def test_two_secrets_of_before_are_never_believed_at_once() -> None:
    switched = then(values(), {"AUTH_SECRET_PREVIOUS": "p" * 40})
    with pytest.raises(NotReady, match="before the last rotation is still believed"):
        renewed(ROTATIONS["AUTH_SECRET"], switched, {})


def test_nothing_is_finished_before_it_has_begun_to_sign() -> None:
    with pytest.raises(NotReady, match="does not sign yet"):
        last_stage(then(values(), {"AUTH_SECRET_NEXT": "n" * 40}))
    with pytest.raises(NotReady, match="is empty"):
        last_stage(values())


def test_a_new_key_for_backups_opens_those_of_before_too() -> None:
    rotation = find_rotation("BACKUP_AGE_RECIPIENT")
    changed = renewed(rotation, values(), {})
    assert changed["BACKUP_AGE_IDENTITY"].endswith(f" {COMPLETE['BACKUP_AGE_IDENTITY']}")
    assert changed["BACKUP_AGE_RECIPIENT"] != COMPLETE["BACKUP_AGE_RECIPIENT"]
    with pytest.raises(NotReady, match="nothing is sealed, or it is kept elsewhere"):
        renewed(rotation, values(BACKUP_AGE_IDENTITY=""), {})
