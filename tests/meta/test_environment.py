"""The environment of a production: its pages, and what it may depend on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from menuvo_ops.environment.dotenv import parse
from menuvo_ops.environment.needs import ALWAYS
from menuvo_ops.environment.pages import pages
from menuvo_ops.environment.secret_files import contents
from menuvo_ops.environment.variables import VARIABLES

CHECKOUT = Path(__file__).parents[2]
PAGES = pages(CHECKOUT)
COMPOSE = (CHECKOUT / "infra/docker-compose.yml").read_text(encoding="utf-8")
# What stands around a production and not in its .env: where it is tried out and by whom.
SURROUNDINGS = re.compile(r"(?:\w+_)?(?:IMAGE|PORT|DIR|PROJECT_NAME)|EDGE_INSECURE|PUBLIC_URL")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_the_pages_made_of_the_variables_are_current(page: Path) -> None:
    """Else run: .venv/bin/python -m menuvo_ops.environment.pages"""
    assert page.read_text(encoding="utf-8") == PAGES[page]


def test_the_example_is_an_environment_itself() -> None:
    document = parse((CHECKOUT / "infra/env.example").read_text(encoding="utf-8"))
    assert document.mistakes == ()
    assert [found.name for found in document.assignments] == list(VARIABLES)
    assert {found.name for found in document.assignments if found.value} == {
        name for name, variable in VARIABLES.items() if variable.default
    }


def test_every_name_that_containers_read_as_a_file_has_one_file() -> None:
    files = [variable.file for variable in VARIABLES.values() if variable.file]
    assert len(files) == len(set(files))


def test_the_compose_file_reads_no_name_that_we_do_not_write() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", COMPOSE))
    assert {name for name in used - VARIABLES.keys() if not SURROUNDINGS.fullmatch(name)} == set()


def test_the_compose_file_has_our_defaults() -> None:
    """A file without a name and one with its default mean the same."""
    defaults = re.findall(r"\$\{([A-Z0-9_]+):-([^}$]*)\}", COMPOSE)
    ours = [(name, VARIABLES[name].default) for name, _ in defaults if name in VARIABLES]
    assert [(name, value) for name, value in defaults if name in VARIABLES] == ours


def test_the_compose_file_demands_no_name_that_may_be_empty() -> None:
    demanded = {name for name in re.findall(r"\$\{([A-Z0-9_]+):\?", COMPOSE) if name in VARIABLES}
    assert demanded
    assert {name for name in demanded if VARIABLES[name].needed is not ALWAYS} == set()


def test_every_secret_of_the_compose_file_is_written() -> None:
    secrets = yaml.safe_load(COMPOSE)["secrets"]
    files = {Path(secret["file"]).name for secret in secrets.values()}
    assert files - contents({}).keys() == set()


def test_the_environment_needs_the_standard_library_alone() -> None:
    """It also runs on the server, where nothing is installed."""
    source = (
        "import sys\n"
        f"sys.path.insert(0, {str(CHECKOUT / 'src')!r})\n"
        "import menuvo_ops.environment\n"
        "foreign = {name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names\n"
        "foreign -= {'menuvo_ops', '__main__'}\n"
        "print(*(name for name in foreign if not name.startswith('_sysconfigdata')))\n"
    )
    argv = [sys.executable, "-I", "-S", "-c", source]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
