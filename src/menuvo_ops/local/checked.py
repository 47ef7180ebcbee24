"""Which files of the checkout the gates look at, other than Python."""

from collections.abc import Iterator
from pathlib import Path

from menuvo_ops.commands.gates import Sources

_FOLDERS = ("src", "tests", "infra", ".ci", ".github")
# Of a script without an ending: it is known by its first line.
_SHELL = "#!/bin/sh"
# What npm brings along is not ours.
_FOREIGN = "node_modules"


def find_sources(root: Path) -> Sources:
    files = sorted(_files(root))
    return Sources(
        templates=[
            folder for folder in (root / "src").rglob("templates") if any(folder.rglob("*.html"))
        ],
        scripts=[file for file in files if file.suffix == ".sh" or _is_script(file)],
        containers=[file for file in files if file.name.partition(".")[0] == "Dockerfile"],
        documents=[file for file in files if file.suffix in {".yml", ".yaml"}],
    )


def _files(root: Path) -> Iterator[Path]:
    yield from (path for path in root.iterdir() if path.is_file())
    for folder in _FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.is_file() and _FOREIGN not in path.parts:
                yield path


def _is_script(file: Path) -> bool:
    if file.suffix:
        return False
    with file.open("rb") as content:
        return content.read(len(_SHELL)) == _SHELL.encode()
