"""The faulty releases must be faulty in what their names say, and follow this checkout."""

import importlib
from pathlib import Path

import pytest

from menuvo_platform.db.revisions import VERSIONS, read_revisions
from menuvo_platform.db.schema import HEAD
from tests.meta.compatibility import find_breaks
from tests.system.bed.production import CHECKOUT
from tests.system.rollout import migrations
from tests.system.rollout.infrastructures import CHANGES, copy_of_infra
from tests.system.rollout.variants import FAULT_NAMES, MIGRATIONS, NAMES


def test_every_variant_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert {"good", "never_healthy", "crashes_after_20s", "blocks", "broken_caddyfile"} < set(NAMES)


@pytest.mark.parametrize("name", FAULT_NAMES)
def test_a_fault_does_nothing_in_a_process_that_does_not_serve(name: str) -> None:
    """A health check, a worker, a migration; and this test."""
    importlib.import_module(f"tests.system.rollout.faults.{name}")


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_each_infrastructure_differs_from_ours_in_one_file(name: str, tmp_path: Path) -> None:
    changed = copy_of_infra(tmp_path / "infra", CHANGES[name])
    different = [
        file
        for file in changed.rglob("*")
        if file.is_file()
        and file.read_bytes() != (CHECKOUT / "infra" / file.relative_to(changed)).read_bytes()
    ]
    assert len(different) == 1


@pytest.mark.parametrize("name", sorted(MIGRATIONS))
def test_migrations_follow_the_head_of_this_checkout(name: str, tmp_path: Path) -> None:
    for file in VERSIONS.glob("[0-9]*.py"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for step in MIGRATIONS[name]:
        (tmp_path / step.file).write_text(step.source)
    found = read_revisions(tmp_path)
    assert [one.number for one in found if one.number > HEAD] == [
        s.number for s in MIGRATIONS[name]
    ]
    assert bool(found[-1].contract) == (name == "contract")


def test_the_column_that_the_destructive_release_renames_is_there() -> None:
    models = CHECKOUT / "src/menuvo_platform/orders/models.py"
    assert models.read_text().count(migrations.RENAMED[0]) == 1


def test_the_gate_refuses_the_steps_that_take_something_away_and_no_others() -> None:
    """What a server would not see: a step that says nothing of whom it breaks."""
    refused = {
        step.name
        for step in (migrations.EXPAND, migrations.BLOCK, migrations.DESTROY, migrations.CONTRACT)
        if find_breaks(";\n".join(step.statements))
    }
    assert refused == {migrations.DESTROY.name, migrations.CONTRACT.name}
