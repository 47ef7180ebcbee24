"""`menuvo-platform schema`: what the tool asks of an image that it has only just pulled."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from menuvo_platform.db.schema import HEAD, OLDEST
from tests.menuvo_platform.db.steps import NEXT, add_step, copy_code

LOADED = (
    "import sys; from menuvo_platform.cli import main; code = main(['schema']); "
    "foreign = {name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names; "
    "print(*sorted(name for name in foreign if not name.startswith(('_', 'menuvo_platform')))); "
    "sys.exit(code)"
)


def printed(code: Path, *argv: str) -> str:
    done = subprocess.run(
        [sys.executable, *argv],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_it_prints_one_line_of_json_without_any_settings(tmp_path: Path) -> None:
    code, versions = copy_code(tmp_path / "code")
    add_step(versions, "add_tip", "SELECT 1")
    last = add_step(versions, "drop_note", "SELECT 1", contract=NEXT)
    line = f'{{"oldest": "{OLDEST}", "head": "{HEAD}", "contracts": {{"{last}": "{NEXT}"}}}}\n'
    assert printed(code, "-m", "menuvo_platform", "schema") == line
    assert json.loads(line)["contracts"] == {last: NEXT}


def test_it_needs_no_library() -> None:
    code = Path(__file__).parents[2] / "src"
    _, loaded = printed(code, "-c", LOADED).splitlines()
    assert loaded == ""


@pytest.mark.parametrize("head", ["1", "00001", "head", ""])
def test_a_head_that_is_no_revision_is_a_mistake_in_the_command(head: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "menuvo_platform", "migrate", "--running", head],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"'{head}' is not a revision such as 0001" in done.stderr
