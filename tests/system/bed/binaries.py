"""The programs that come from no Debian package, each built once for its pinned versions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from menuvo_ops.errors import CommandFailed
from menuvo_ops.local.golang import Builder, Module
from menuvo_ops.local.keys import key
from menuvo_ops.local.monitoring import modules
from menuvo_ops.local.packages import unpack_from_suite
from menuvo_ops.local.sources import Say
from tests.system.bed.cache import cache, locked, used
from tests.system.bed.engine import SUITE
from tests.system.bed.golang import provide_go

_HERE = Path(__file__).parent
_CHECKOUT = _HERE.parents[2]

CADDY = Module("caddy", _CHECKOUT / "infra/caddy/build", ".")
STORAGE = Module(
    "versitygw", _HERE / "go" / "versitygw", "github.com/versity/versitygw/cmd/versitygw"
)
GATUS = modules.gatus(_CHECKOUT)
# The tag leaves out the hub's pages, which npm would have to build.
HUB = replace(modules.hub(_CHECKOUT), tags="development")
AGENT = modules.agent(_CHECKOUT)
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


def provide(module: Module, say: Say) -> Path:
    programs = cache() / "programs"
    folder = module.home(programs)
    if not folder.exists():
        say(f"Building {module.name} (once)")
        Builder(provide_go(say), show=_nobody_watches).build(module, programs)
    return used(folder)


def _nobody_watches(_line: str) -> None:
    pass


def _provide_plain_caddy(say: Say) -> Path:
    root = unpack_from_suite(SUITE, ["caddy"], into=cache() / "packages", say=say)
    return root / "usr/bin"
