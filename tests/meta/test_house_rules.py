"""Rules of the house that a linter does not know, each with its reason."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from menuvo_platform.settings import VARIABLES

CHECKOUT = Path(__file__).parents[2]
SOURCE = CHECKOUT / "src"
PLATFORM = SOURCE / "menuvo_platform"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "versions" not in path.parts)
QUERY_WORDS = {"select", "insert", "update", "delete", "text"}


def name(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


@pytest.mark.parametrize(
    "path", sorted(path for path in PLATFORM.rglob("*.py") if "db" not in path.parts), ids=name
)
def test_sql_stands_in_queries_only(path: Path) -> None:
    """So that whoever changes a table finds every statement that reads it."""
    if path.name in {"queries.py", "models.py"} or path.parent.name == "queries":
        return
    used = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    allowed = {"check.py", "health.py", "schema_watch.py"}  # they ask whether it is there
    assert path.name in allowed or not used & QUERY_WORDS


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [name(path) for path in MODULES if marks.search(path.read_text())]
    assert found == []


def test_money_is_divided_in_one_module() -> None:
    """A float or Decimal elsewhere is a cent lost somewhere."""
    words = re.compile(r"\bDecimal\b|cents\s*/\s*\d|/\s*100\b")
    found = [
        name(path)
        for path in PLATFORM.rglob("*.py")
        if path.name != "money.py" and words.search(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("page", [".env.example", "docs/reference/settings.md"])
def test_every_setting_is_described(page: str) -> None:
    told = (CHECKOUT / page).read_text()
    assert [variable.name for variable in VARIABLES if variable.name not in told] == []


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    link = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
    pages = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]
    broken = [
        f"{name(page)}: {target}"
        for page in pages
        for target in link.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_launcher_and_the_ci_script_are_executable() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-s", "menuvo", ".ci/run"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["100755", "100755"]


def test_no_object_is_deleted_while_a_backup_may_name_it() -> None:
    """A restore brings rows back that name objects of then. Whoever sweeps objects keeps them for
    the longest retention of backups and a week; today nobody does, but for a check's own trial."""
    deleting = {
        path.name for path in PLATFORM.rglob("*.py") if "storage.delete(" in path.read_text()
    }
    assert deleting == {"storage_check.py"}
