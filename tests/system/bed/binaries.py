"""The programs that come from no Debian package, each built once for its pinned versions."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.errors import CommandFailed
from menuvo_ops.local.packages import unpack_from_suite
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import run
from tests.system.bed.cache import cache, key, locked, used
from tests.system.bed.engine import SUITE
from tests.system.bed.golang import Module, build, environment, provide_go

_HERE = Path(__file__).parent
_CADDY = _HERE.parents[2] / "infra" / "caddy" / "build"

CADDY = Module("caddy", _CADDY, ".")
STORAGE = Module(
    "versitygw", _HERE / "go" / "versitygw", "github.com/versity/versitygw/cmd/versitygw"
)
GATUS = Module("gatus", _HERE / "go" / "gatus", "github.com/TwiN/gatus/v5")
# The tag leaves out the hub's pages, which npm would have to build.
HUB = Module(
    "beszel",
    _HERE / "go" / "beszel",
    "github.com/henrygd/beszel/internal/cmd/hub",
    tags="development",
)
AGENT = Module("agent", _HERE / "go" / "beszel", "github.com/henrygd/beszel/internal/cmd/agent")
# Programs of single tests, which no image is made of.
ACTIONLINT = Module(
    "actionlint", _HERE / "go" / "actionlint", "github.com/rhysd/actionlint/cmd/actionlint"
)
REGISTRY = Module(
    "registry",
    _HERE / "go" / "registry",
    "github.com/distribution/distribution/v3/cmd/registry",
)
MODULES = (CADDY, GATUS, HUB, AGENT, STORAGE)


@dataclass(frozen=True)
class Binaries:
    """Each in a folder of its own, so that the folder can be the context of a build."""

    folders: Mapping[str, Path]
    has_rate_limits: bool

    @property
    def key(self) -> str:
        return key(*(folder.name for folder in self.folders.values()))


def provide_binaries(say: Say) -> Binaries:
    """Raises CommandFailed when a program can neither be built nor replaced."""
    with locked("binaries"):
        folders = {module.name: provide(module, say) for module in MODULES if module != CADDY}
        try:
            caddy = provide(CADDY, say)
        except CommandFailed as failure:
            say(f"{failure.message} Debian's Caddy takes its place, without rate limits.")
            caddy, has_rate_limits = _provide_plain_caddy(say), False
        else:
            has_rate_limits = True
    return Binaries({**folders, CADDY.name: caddy}, has_rate_limits=has_rate_limits)


def folder_of(module: Module) -> Path:
    made_of = key(module.folder, module.package, module.tags)
    return cache() / "programs" / f"{module.name}-{made_of}"


def provide(module: Module, say: Say) -> Path:
    folder = folder_of(module)
    if not folder.exists():
        say(f"Building {module.name} (once)")
        partial = folder.with_name(f"{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        argv = build(provide_go(say), module, partial / module.name)
        run(argv, what=f"Building {module.name}", env=environment())
        partial.rename(folder)
    return used(folder)


def _provide_plain_caddy(say: Say) -> Path:
    root = unpack_from_suite(SUITE, ["caddy"], into=cache() / "packages", say=say)
    return root / "usr/bin"
