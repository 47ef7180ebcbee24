"""`menuvo test` in a small project of its own."""

from pathlib import Path

import pytest

from menuvo_ops.errors import CheckFailed
from menuvo_ops.local.paths import Clone
from menuvo_ops.operations.test import test as run_tests
from menuvo_ops.operations.test import test_system as run_system_tests

pytestmark = [pytest.mark.system, pytest.mark.core]

PROJECT = """
[tool.pytest.ini_options]
markers = ["slow", "browser", "system", "core"]
[tool.basedpyright]
typeCheckingMode = "off"
[tool.importlinter]
root_packages = ["shop"]
[[tool.importlinter.contracts]]
name = "The cellar does not know the kitchen"
type = "forbidden"
source_modules = ["shop.cellar"]
forbidden_modules = ["shop.kitchen"]
"""

TESTS = """\
import pytest


def test_quick():
    pass


@pytest.mark.slow
def test_slow():
    pass


@pytest.mark.system
def test_whole_stack():
    pass


@pytest.mark.system
@pytest.mark.core
def test_core():
    pass
"""


STACK = """\
import time

import pytest

pytestmark = pytest.mark.system


@pytest.mark.core
def test_of_the_core():
    time.sleep(0.01)


def test_that_is_rare():
    pass
"""


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    for name in ("__init__", "cellar", "kitchen"):
        write(tmp_path / "shop" / f"{name}.py", "")
    write(tmp_path / "tests/test_shop.py", TESTS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return Clone(tmp_path)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_closed_gate_is_named_with_what_may_mend_it(
    clone: Clone, capfd: pytest.CaptureFixture[str]
) -> None:
    write(clone.root / "shop/cellar.py", "import  shop.kitchen\n")

    with pytest.raises(CheckFailed, match=r"Closed gates: .*format.*layers") as failure:
        run_tests(clone, fast=True, arguments=[])

    assert ".venv/bin/ruff format" in failure.value.hint
    told = capfd.readouterr()
    assert "The cellar does not know the kitchen BROKEN" in told.err
    assert "passed" not in told.out


@pytest.mark.parametrize(
    ("gate", "name", "content"),
    [
        ("scripts", ".ci/run", "#!/bin/sh\nrm $1\n"),
        ("scripts", "infra/start.sh", "#!/bin/sh\nrm $1\n"),
        ("containers", "infra/Dockerfile.shop", "FROM scratch\nMAINTAINER me\n"),
        ("yaml", "infra/shop.yml", "a: 1\na: 2\n"),
    ],
)
def test_what_is_not_python_has_a_gate_too(
    clone: Clone, gate: str, name: str, content: str
) -> None:
    write(clone.root / name, content)
    with pytest.raises(CheckFailed, match=rf"Closed gates: {gate}\."):
        run_tests(clone, fast=True, arguments=[])


def test_open_gates_are_followed_by_the_tests_and_pytest_has_the_last_line(
    clone: Clone, capfd: pytest.CaptureFixture[str]
) -> None:
    run_tests(clone, fast=True, arguments=[])

    told = capfd.readouterr()
    assert "1 passed" in told.out.splitlines()[-1]
    assert "Left out by --fast: the types, and tests marked slow, browser or system." in told.err


def test_named_tests_run_alone_and_without_gates(
    clone: Clone, capfd: pytest.CaptureFixture[str]
) -> None:
    write(clone.root / "shop/cellar.py", "import  shop.kitchen\n")

    run_tests(clone, fast=False, arguments=["tests/test_shop.py"])

    told = capfd.readouterr()
    assert "3 passed, 1 deselected" in told.out.splitlines()[-1]
    assert "Left out: the gates, because tests were named." in told.err


def test_the_default_tier_runs_every_test_that_is_not_rare_once(
    clone: Clone, capfd: pytest.CaptureFixture[str]
) -> None:
    run_tests(clone, fast=False, arguments=[])
    told = [line for line in capfd.readouterr().out.splitlines() if " passed" in line]
    quick, slow, others = told
    assert "1 passed" in quick
    assert "1 passed" in slow
    assert "1 passed, 3 deselected" in others


def test_a_failure_in_the_first_part_does_not_keep_the_others_from_running(
    clone: Clone, capfd: pytest.CaptureFixture[str]
) -> None:
    write(clone.root / "tests/test_broken.py", "def test_broken():\n    raise AssertionError\n")
    with pytest.raises(CheckFailed, match="exit code 1 of pytest"):
        run_tests(clone, fast=False, arguments=[])
    assert "1 passed, 4 deselected" in capfd.readouterr().out.splitlines()[-1]


@pytest.fixture
def system(clone: Clone) -> Clone:
    """Its folder `tests/system` has a test of the core and another one."""
    write(clone.root / "tests/system/test_stack.py", STACK)
    write(clone.root / "shop/cellar.py", "import  shop.kitchen\n")
    return clone


def test_the_system_tests_of_the_core_run_alone_and_the_rest_is_said(
    system: Clone, capfd: pytest.CaptureFixture[str]
) -> None:
    run_system_tests(system, everything=False, arguments=[])
    told = capfd.readouterr()
    assert "1 passed, 1 deselected" in told.out.splitlines()[-1]
    assert "test_of_the_core" in told.out[told.out.index("slowest") :]
    assert "Left out: the gates, tests outside tests/system, and system tests not" in told.err


def test_all_system_tests_are_run_on_request_and_can_be_chosen_from(
    system: Clone, capfd: pytest.CaptureFixture[str]
) -> None:
    run_system_tests(system, everything=True, arguments=[])
    told = capfd.readouterr()
    assert "2 passed" in told.out.splitlines()[-1]
    assert "Left out: the gates, and tests outside tests/system." in told.err
    run_system_tests(system, everything=True, arguments=["-k", "rare"])
    assert "1 passed, 1 deselected" in capfd.readouterr().out.splitlines()[-1]


def test_an_expression_that_chooses_nothing_is_not_a_success(system: Clone) -> None:
    with pytest.raises(CheckFailed, match="No test was chosen"):
        run_system_tests(system, everything=True, arguments=["-k", "nothing_of_this_name"])


def test_a_failing_test_fails_the_command(clone: Clone) -> None:
    write(clone.root / "tests/test_broken.py", "def test_broken():\n    assert False\n")

    with pytest.raises(CheckFailed, match="exit code 1 of pytest"):
        run_tests(clone, fast=True, arguments=["tests/test_broken.py"])
