"""Finds the modules that an entry point can ever import, in functions too."""

import sys
from modulefinder import ModuleFinder
from pathlib import Path
from typing import cast

from menuvo_ops.errors import OpsError


def needed_modules(source: Path, entry: str) -> list[Path]:
    """Files below `source`, sorted; raises OpsError when one of them needs an installed package."""
    source = source.resolve()
    finder = ModuleFinder(path=[str(source)])
    finder.import_hook(entry, fromlist=["main"])
    foreign = {
        name.partition(".")[0]: sorted(importers)
        for name, importers in finder.badmodules.items()
        if name.partition(".")[0] not in sys.stdlib_module_names and not _is_name_in(finder, name)
    }
    if foreign:
        told = "; ".join(f"{name} by {', '.join(by)}" for name, by in sorted(foreign.items()))
        raise OpsError(
            f"{entry} needs what a server does not have: {told}.",
            hint="Only the standard library and modules that need no more may be imported there.",
        )
    files = sorted(file for module in finder.modules.values() if (file := _file(module)))
    if source / f"{entry.replace('.', '/')}.py" not in files:
        raise OpsError(f"There is no module {entry} below {source}.")
    return files


def _file(module: object) -> Path | None:
    """Nothing for a package of the interpreter itself."""
    file = cast("str | None", getattr(module, "__file__", None))
    return Path(file) if file else None


def _is_name_in(finder: ModuleFinder, name: str) -> bool:
    """`from module import name` is noted as missing when it is no module itself."""
    return name.rpartition(".")[0] in finder.modules
