"""The edge and the backup are named by what goes into them, and by nothing else."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from menuvo_ops.errors import OpsError
from menuvo_ops.shipping import inputs

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for part in (part for parts in inputs.INPUTS.values() for part in parts):
        target = tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (CHECKOUT / part).is_dir():
            shutil.copytree(CHECKOUT / part, target)
        else:
            shutil.copyfile(CHECKOUT / part, target)
    return tmp_path


def test_a_copy_has_the_tags_of_its_original(copy: Path) -> None:
    assert inputs.tags(copy) == inputs.tags(CHECKOUT)
    assert all(re.fullmatch("[0-9a-f]{12}", tag) for tag in inputs.tags(copy).values())


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("infra/Dockerfile.caddy", {"caddy"}),
        ("infra/caddy/build/go.sum", {"caddy"}),
        ("infra/Dockerfile.backup", {"backup"}),
        ("src/menuvo_backup/cli.py", {"backup"}),
        ("uv.lock", {"backup"}),
        ("infra/caddy/Caddyfile", set[str]()),
        ("src/menuvo_platform/cli.py", set[str]()),
    ],
)
def test_a_change_makes_new_tags_where_it_goes_in(copy: Path, file: str, changed: set[str]) -> None:
    before = inputs.tags(copy)
    (copy / file).parent.mkdir(parents=True, exist_ok=True)
    with (copy / file).open("a") as content:
        content.write("\n# changed\n")
    after = inputs.tags(copy)
    assert {name for name in after if after[name] != before[name]} == changed


def test_a_file_that_is_renamed_makes_a_new_tag(copy: Path) -> None:
    before = inputs.tags(copy)["backup"]
    (copy / "src/menuvo_backup/cli.py").rename(copy / "src/menuvo_backup/command.py")
    assert inputs.tags(copy)["backup"] != before


def test_what_python_compiles_does_not_count(copy: Path) -> None:
    before = inputs.tags(copy)
    compiled = copy / "src/menuvo_backup/__pycache__/cli.cpython-310.pyc"
    compiled.parent.mkdir(exist_ok=True)
    compiled.write_bytes(b"compiled")
    assert inputs.tags(copy) == before


def test_an_input_that_is_not_there_is_named(copy: Path) -> None:
    (copy / "uv.lock").unlink()
    with pytest.raises(OpsError, match=r"uv\.lock is missing"):
        inputs.tags(copy)


def test_every_file_that_a_build_copies_counts() -> None:
    """Except the two that its packaging demands and nothing reads."""
    for name, paths in inputs.INPUTS.items():
        dockerfile = (CHECKOUT / f"infra/Dockerfile.{name}").read_text()
        copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
        parts = {part for line in copied for part in line.split()}
        assert parts
        assert parts - {"README.md", "LICENSE"} <= set(paths)


def test_the_command_prints_them_for_a_workflow() -> None:
    argv = [sys.executable, "-I", "-S", "-c", COMMAND.format(source=CHECKOUT / "src")]
    argv += ["--checkout", str(CHECKOUT)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    tags = inputs.tags(CHECKOUT)
    assert done.stdout == "".join(f"{name}={tag}\n" for name, tag in tags.items())


# As on a runner, which has Python and no environment of ours.
COMMAND = (
    "import sys; sys.path.insert(0, '{source}'); "
    "from menuvo_ops.shipping.inputs import main; main()"
)
