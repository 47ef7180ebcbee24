"""The release file: what is in it, and that it runs where nothing is installed."""

import ast
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.menuvo_ops.shipping.pythons import OLDEST, find_oldest

from menuvo_ops.errors import OpsError, Usage
from menuvo_ops.shipping import bundle, inputs
from menuvo_ops.shipping.modules import needed_modules
from menuvo_ops.shipping.packing import pack

CHECKOUT = Path(__file__).parents[3]
INFRA = CHECKOUT / "infra"


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "menuvo.pyz"
    pack(CHECKOUT, "1234abc", out, created="2026-11-28T10:00:00Z")
    return out


def names(pyz: Path) -> list[str]:
    with zipfile.ZipFile(pyz) as archive:
        return archive.namelist()


def test_it_names_its_images_and_carries_the_infrastructure(pyz: Path) -> None:
    release = bundle.read(pyz)
    assert release.version == "1234abc"
    assert release.created == "2026-11-28T10:00:00Z"
    assert release.images == {"platform": "1234abc", **inputs.tags(CHECKOUT)}
    for path in ("docker-compose.yml", "caddy/Caddyfile", "postgres/first-start/10-remember.sh"):
        assert release.files[path] == (INFRA / path).read_bytes()


def test_it_carries_every_file_that_the_compose_file_mounts(pyz: Path) -> None:
    files = bundle.read(pyz).files
    compose = files["docker-compose.yml"].decode()
    mounted = [
        line.partition("./")[2].partition(":")[0] for line in compose.splitlines() if '"./' in line
    ]
    mounted += [
        line.strip().removeprefix("- ./").partition(":")[0]
        for line in compose.splitlines()
        if line.strip().startswith("- ./")
    ]
    assert {"caddy", "postgres", "redis", "gatus", "beszel/config.yml", "socket-proxy"} <= set(
        mounted
    )
    missing = [
        one for one in mounted if one not in files and not any(f.startswith(one) for f in files)
    ]
    assert missing == []


def test_what_a_server_needs_not_and_what_is_secret_stays_out(tmp_path: Path) -> None:
    infra = tmp_path / "infra"
    shutil.copytree(INFRA, infra)
    for secret in (".env", "secrets/db_password", "state/postgres/id", "caddy/.Caddyfile.swp"):
        (infra / secret).parent.mkdir(parents=True, exist_ok=True)
        (infra / secret).write_text("secret")
    out = tmp_path / "menuvo.pyz"
    pack(CHECKOUT, "v", out, infra=infra)
    assert bundle.read(out).files == bundle.read(packed(tmp_path / "other.pyz")).files
    assert not [name for name in bundle.read(out).files if "/build/" in name]


def packed(out: Path) -> Path:
    pack(CHECKOUT, "v", out)
    return out


def test_the_same_checkout_gives_the_same_bytes(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for part in ("src", "infra"):
        shutil.copytree(CHECKOUT / part, copy / part, copy_function=shutil.copyfile)
    for part in ("pyproject.toml", "uv.lock"):
        shutil.copyfile(CHECKOUT / part, copy / part)
    pack(copy, "v", tmp_path / "menuvo.pyz")
    assert (tmp_path / "menuvo.pyz").read_bytes() == packed(tmp_path / "second.pyz").read_bytes()


def test_a_file_that_is_executable_stays_so(tmp_path: Path) -> None:
    infra = tmp_path / "infra"
    shutil.copytree(INFRA, infra)
    (infra / "postgres/start.sh").chmod(0o755)
    out = tmp_path / "menuvo.pyz"
    pack(CHECKOUT, "v", out, infra=infra)
    assert bundle.read(out).executables == {"postgres/start.sh"}


def test_the_tool_of_a_laptop_and_its_libraries_stay_out(pyz: Path) -> None:
    code = [name for name in names(pyz) if name.endswith(".py")]
    assert "menuvo_ops/server/command.py" in code
    kept_out = ("menuvo_ops/local/", "menuvo_ops/cli.py", "menuvo_ops/terminal.py", "tests/")
    assert [name for name in code if name.startswith(kept_out)] == []


def test_all_it_imports_is_in_it_or_in_the_standard_library(pyz: Path) -> None:
    """Also what is imported inside of functions."""
    with zipfile.ZipFile(pyz) as archive:
        code = {
            name: ast.parse(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".py")
        }
    imported: set[str] = set()
    for tree in code.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.module
                imported.add(node.module)
    ours = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names}
    assert "menuvo_ops.errors" in ours
    files = {f"{name.replace('.', '/')}{end}" for name in ours for end in (".py", "/__init__.py")}
    assert len(files & code.keys()) == len(ours)


def run_alone(python: Path, pyz: Path) -> subprocess.CompletedProcess[str]:
    """Without installed packages, the environment and the current folder."""
    argv = [python, "-I", "-S", pyz, "version"]
    return subprocess.run(argv, capture_output=True, text=True, check=False, cwd="/")


def test_it_runs_where_nothing_is_installed(pyz: Path) -> None:
    assert run_alone(Path(sys.executable), pyz).stdout == "1234abc\n"
    assert subprocess.run([pyz, "version"], capture_output=True, check=True).stdout == b"1234abc\n"


def test_it_runs_on_the_oldest_python_of_a_server(pyz: Path) -> None:
    python = find_oldest()
    if python is None:
        pytest.skip(f"There is no Python {OLDEST} on this machine.")
    done = run_alone(python, pyz)
    assert (done.stdout, done.stderr) == ("1234abc\n", "")


@pytest.mark.slow
def test_it_is_typed_for_the_oldest_python_of_a_server(pyz: Path) -> None:
    program = Path(sys.executable).with_name("basedpyright")
    code = [CHECKOUT / "src" / name for name in names(pyz) if name.endswith(".py") and "/" in name]
    argv = [program, "--pythonversion", OLDEST, *code]
    done = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_an_entry_that_needs_an_installed_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "entry.py").write_text("def main() -> None:\n    import typer.core\n")
    with pytest.raises(OpsError, match=r"entry needs what a server does not have: typer by entry"):
        needed_modules(tmp_path, "entry")


def test_a_version_that_no_registry_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="cannot name a release"):
        pack(CHECKOUT, "a/b", tmp_path / "menuvo.pyz")


def test_the_command_packs_what_the_image_carries(tmp_path: Path) -> None:
    argv = ["-m", "menuvo_ops.shipping.packing", "--version", "v", "--out", str(tmp_path / "a")]
    subprocess.run([sys.executable, *argv], cwd=CHECKOUT, check=True)
    assert (tmp_path / "a").read_bytes() == packed(tmp_path / "b").read_bytes()
