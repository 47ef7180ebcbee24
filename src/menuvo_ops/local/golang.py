"""Go where this machine has it, and programs of pinned modules, each built once."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from menuvo_ops.commands import golang
from menuvo_ops.errors import CommandFailed
from menuvo_ops.local.keys import key
from menuvo_ops.local.making import in_one_piece
from menuvo_ops.local.sources import Say
from menuvo_ops.runner import follow, run

# From this version on Go fetches a newer toolchain through the proxy when a module asks for one.
OLDEST = "1.21"
# What Go itself says between the names of packages, such as `go: downloading example.org v1.0.0`.
_CHATTER = "go: "


@dataclass(frozen=True)
class Module:
    """A program: `folder` pins by go.mod and go.sum what `package` is built of."""

    name: str
    folder: Path
    package: str
    tags: str = ""

    def home(self, cache: Path) -> Path:
        """A folder of its own, so that it can be the context of an image's build."""
        return cache / f"{self.name}-{key(self.folder, self.package, self.tags)}"

    def program(self, cache: Path) -> Path:
        return self.home(cache) / self.name


@dataclass(frozen=True)
class Builder:
    """`show` is told what is being done just now, some hundred times a program; `mark` is added
    to the environment of what is started."""

    go: Path
    show: Say
    mark: Mapping[str, str] = field(default_factory=dict[str, str])

    def build(self, module: Module, cache: Path) -> None:
        """The program is there whole, or not at all. Raises CommandFailed with Go's last words."""
        with in_one_piece(module.home(cache)) as folder:
            self.compile(module, folder / module.name)

    def compile(self, module: Module, output: Path) -> None:
        of_all = self._count_packages(module)
        done = 0

        def hear(line: str) -> None:
            nonlocal done
            if not line.startswith(_CHATTER):
                done += 1
                self.show(f"Building {module.name}: {done} of {of_all} packages")

        argv = golang.build(self.go, module.folder, module.package, output, tags=module.tags)
        follow(argv, what=f"Building {module.name}", hear=hear, env=self.environment)

    @property
    def environment(self) -> dict[str, str]:
        return {**environment(), **self.mark}

    def _count_packages(self, module: Module) -> int:
        """Fetches what is missing of their sources, too."""
        found: list[str] = []

        def hear(line: str) -> None:
            if line.startswith(_CHATTER):
                self.show(f"Building {module.name}: {line.removeprefix(_CHATTER)}")
            else:
                found.append(line)

        argv = golang.packages(self.go, module.folder, module.package, tags=module.tags)
        what = f"Fetching the sources of {module.name}"
        follow(argv, what=what, hear=hear, env=self.environment)
        return len(found)


def environment() -> dict[str, str]:
    """What the machine's own settings of Go must not change."""
    return {"CGO_ENABLED": "0", "GOTOOLCHAIN": "auto", "GOFLAGS": "", "GOWORK": "off"}


def find_go() -> Path | None:
    """None where there is none, or one that is too old to fetch what a module asks for."""
    found = shutil.which("go")
    if found and _version(Path(found)) >= parse_version(OLDEST):
        return Path(found)
    return None


def parse_version(shown: str) -> tuple[int, ...]:
    """`go1.26.8` or `go1.27rc1` as numbers that compare."""
    numbers = shown.strip().removeprefix("go").split(".")[:2]
    return tuple(int("".join(filter(str.isdigit, number[:2])) or 0) for number in numbers)


def _version(go: Path) -> tuple[int, ...]:
    try:
        shown = run(golang.version(go), what="Asking Go", env={"GOTOOLCHAIN": "local"})
    except CommandFailed:
        return ()
    return parse_version(shown)
