"""Images of releases that differ in one thing from the one that this checkout makes.

Each is one layer on the bed's own image of the platform, so it is built in a second or two:

    release = build(bed, "good", version="two")
"""

import shutil
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.commands.docker import Build
from menuvo_ops.rollout import references
from menuvo_ops.shipping import inputs
from menuvo_ops.shipping.layout import IN_IMAGE
from menuvo_ops.shipping.packing import pack
from menuvo_platform.db.schema import HEAD
from tests.system.bed.engine import Engine
from tests.system.bed.production import CHECKOUT, LABEL, TAG, reference
from tests.system.rollout import migrations
from tests.system.rollout.infrastructures import CHANGES, copy_of_infra
from tests.system.rollout.migrations import Step

FAULTS = Path(__file__).parent / "faults"
_FAULTS_MODULE = "tests.system.rollout.faults"
_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"
_PYTHON = "/opt/menuvo/bin/python"
# Of this checkout alone: another one that runs beside it has releases of the same names, and a
# deploy removes images of releases that nobody will go back to.
PLATFORM = f"{TAG}/menuvo-platform"
_MODELS, _SCHEMA = "menuvo_platform/orders/models.py", "menuvo_platform/db/schema.py"
_VERSIONS = "menuvo_platform/db/migrations/versions"
# One layer; the base's labels and all its settings are kept.
_DOCKERFILE = """\
FROM {base}
LABEL org.opencontainers.image.version="{version}" org.opencontainers.image.revision="{version}"
COPY overlay/ /
"""

FAULT_NAMES = tuple(sorted(f.stem for f in FAULTS.glob("[a-z]*.py") if f.stem != "hooks"))
MIGRATIONS: Mapping[str, tuple[Step, ...]] = {
    "expands": (migrations.EXPAND,),
    "fails_half_way": (migrations.EXPAND, migrations.FAIL),
    "blocks": (migrations.BLOCK,),
    "destructive": (migrations.DESTROY,),
    "contract": (migrations.EXPAND, migrations.CONTRACT),
}
NAMES = ("good", *FAULT_NAMES, *MIGRATIONS, *CHANGES)


@dataclass(frozen=True)
class Release:
    version: str
    image: str


def build(engine: Engine, name: str, *, version: str | None = None) -> Release:
    """The variant of that name; its version is its name, unless another is said."""
    assert name in NAMES, f"{name} is none of {', '.join(NAMES)}"
    version = version or name
    provide_siblings(engine)
    image = references.of_platform(PLATFORM, version)
    with tempfile.TemporaryDirectory(prefix="menuvo-variant-") as folder:
        context = Path(folder)
        overlay = context / "overlay"
        infra = None
        if name in CHANGES:
            infra = copy_of_infra(context / "infra", CHANGES[name])
        pack(CHECKOUT, version, overlay / IN_IMAGE.lstrip("/"), infra=infra)
        packages = overlay / _packages_folder(engine).lstrip("/")
        if name in FAULT_NAMES:
            _lay_fault(packages, name)
        if name in MIGRATIONS:
            _lay_migrations(packages, MIGRATIONS[name])
        if name == "destructive":
            _edit(packages, _MODELS, *migrations.RENAMED)
        dockerfile = context / "Dockerfile"
        dockerfile.write_text(_DOCKERFILE.format(base=reference("platform"), version=version))
        argv = docker.build(Build(dockerfile, context, image, labels={LABEL: "variant"}))
        engine.docker(argv, what=f"Building the variant {name}")
    return Release(version, image)


def provide_siblings(engine: Engine) -> None:
    """The edge and the backup under the tags by which this checkout's releases know them."""
    for name, tag in inputs.tags(CHECKOUT).items():
        target = f"{references.sibling(PLATFORM, name)}:{tag}"
        engine.docker(["docker", "tag", reference(name), target], what=f"Naming {target}")


def remove_variants(engine: Engine) -> None:
    """They would keep every image of the platform on which they were built."""
    argv = ["docker", "image", "ls", "--format={{.Repository}}:{{.Tag}}", PLATFORM]
    found = engine.docker(argv, what="Listing the variants").split()
    if found:
        engine.docker(["docker", "image", "rm", *found], what="Removing the variants")


@contextmanager
def table_held(engine: Engine, postgres: str, table: str) -> Generator[Callable[[], None]]:
    """Somebody in the container `postgres` reads the table in a transaction that does not end, so
    nobody can alter it meanwhile. What it yields ends that before the block does."""
    name = f"holder of {table}"
    sql = f"BEGIN; LOCK TABLE {table} IN ACCESS SHARE MODE; SELECT pg_sleep(3600)"
    psql = ["psql", "--username=menuvo", "--quiet", "--tuples-only"]
    environment = ["--env", f"PGAPPNAME={name}"]
    begin = ["docker", "exec", "--detach", *environment, postgres, *psql, "--command", sql]
    engine.docker(begin, what=f"Holding {table}")

    def ask(question: str) -> str:
        argv = ["docker", "exec", postgres, *psql, "--command", question]
        return engine.docker(argv, what="Asking who holds the table").strip()

    def let_go() -> None:
        ask(end)

    held = (
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        f" WHERE application_name = '{name}' AND relation = '{table}'::regclass AND granted"
    )
    end = (
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'"
    )
    try:
        for _ in range(100):
            if ask(held) == "1":
                break
        else:
            raise AssertionError(f"{table} could not be held")
        yield let_go
    finally:
        let_go()


def _lay_fault(packages: Path, name: str) -> None:
    """Under the name that it has here, so that its imports hold there as well."""
    target = packages / Path(*_FAULTS_MODULE.split("."))
    target.mkdir(parents=True)
    for module in ("__init__", "hooks", name):
        shutil.copy(FAULTS / f"{module}.py", target)
    (packages / "menuvo-fault.pth").write_text(f"import {_FAULTS_MODULE}.{name}\n")


def _lay_migrations(packages: Path, steps: tuple[Step, ...]) -> None:
    versions = packages / _VERSIONS
    versions.mkdir(parents=True)
    for step in steps:
        (versions / step.file).write_text(step.source)
    _edit(packages, _SCHEMA, f'HEAD = "{HEAD}"', f'HEAD = "{steps[-1].number}"')


def _edit(packages: Path, module: str, old: str, new: str) -> None:
    source = (CHECKOUT / "src" / module).read_text()
    assert old in source, f"{module} has no {old!r}"
    target = packages / module
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(source.replace(old, new, 1))


def _packages_folder(engine: Engine) -> str:
    argv = ["docker", "run", "--rm", "--network=none", reference("platform")]
    return engine.docker([*argv, _PYTHON, "-c", _PACKAGES], what="Finding the packages").strip()
