"""What a process does not need, it does not load: all of these together cost over 100 MB."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

HEAVY = (
    "alembic",
    "boto3",
    "openai",
    "openpyxl",
    "PIL",
    "pi_heif",
    "pydantic",
    "pyvips",
    "stripe",
    "weasyprint",
)


def loaded_after(statement: str) -> set[str]:
    program = f"import sys; {statement}; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_an_instance_loads_none_of_the_heavy_libraries() -> None:
    assert loaded_after("import menuvo_platform.app, menuvo_platform.web.server") == set()


def test_a_waiting_worker_loads_none_either() -> None:
    assert loaded_after("import menuvo_platform.workers") == set()


@pytest.mark.parametrize("command", ["healthy", "metrics"])
def test_what_only_asks_an_instance_loads_nothing_of_the_application(command: str) -> None:
    """It runs beside it, in the memory of the same container."""
    argv = [command, *(["instance"] if command == "healthy" else []), "--port", "1"]
    program = (
        f"import sys; from menuvo_platform.cli import main; assert main({argv}) == 1; "
        "print(*({n.partition('.')[0] for n in sys.modules} "
        "& {'litestar', 'sqlalchemy', 'structlog', 'prometheus_client', 'msgspec'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[-2] == ""


def test_the_tool_loads_nothing_of_the_platform() -> None:
    program = (
        "import sys, menuvo_ops.cli; "
        "print(*sorted({n.partition('.')[0] for n in sys.modules} "
        "& {'menuvo_platform', 'litestar', 'sqlalchemy', 'asyncpg', 'redis'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
