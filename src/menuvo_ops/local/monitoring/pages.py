"""Beszel's hub with its pages in it, which Go's module has only as sources for npm."""

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from menuvo_ops.commands import golang, npm
from menuvo_ops.local.golang import Builder, Module
from menuvo_ops.local.making import in_one_piece
from menuvo_ops.local.monitoring.modules import BESZEL
from menuvo_ops.runner import follow, run

# Relative to the module.
_SITE = "internal/site"


@dataclass(frozen=True)
class HubBuilder:
    """Builds in a copy of the module, because nobody writes into Go's own."""

    builder: Builder
    npm: Path

    def build(self, hub: Module, cache: Path) -> None:
        """The program is there whole, or not at all. Raises CommandFailed."""
        with in_one_piece(hub.home(cache)) as folder:
            work = folder / "work"
            copy = _copy(self._sources(hub), work / "beszel")
            self._build_pages(copy / _SITE)
            self.builder.compile(self._of_copy(hub, work / "pins"), folder / hub.name)
            shutil.rmtree(work)

    def _sources(self, hub: Module) -> Path:
        """As go.sum knows them, fetched if need be."""
        self._show("fetching its sources")
        argv = golang.download(self.builder.go, hub.folder, BESZEL)
        told = run(argv, what="Fetching Beszel", env=self.builder.environment)
        return Path(cast("dict[str, str]", json.loads(told))["Dir"])

    def _build_pages(self, site: Path) -> None:
        for what, argv in (
            ("fetching what its pages are made of", npm.install(self.npm, site)),
            ("making its pages", npm.build(self.npm, site)),
        ):
            self._show(what)
            follow(argv, what=f"Beszel: {what}", hear=_ignore, env=self.builder.mark)

    def _of_copy(self, hub: Module, pins: Path) -> Module:
        """By the same pins as the agent, but with the copy in the place of the module."""
        shutil.copytree(hub.folder, pins)
        argv = golang.replace(self.builder.go, pins, BESZEL, "../beszel")
        run(argv, what="Preparing Beszel", env=self.builder.environment)
        return replace(hub, folder=pins)

    def _show(self, what: str) -> None:
        self.builder.show(f"Building beszel: {what}")


def _copy(module: Path, to: Path) -> Path:
    """Without the modes of Go's cache, in which nobody may write, nor remove what was written."""
    to.mkdir(parents=True)
    for path in sorted(module.rglob("*")):
        copy = to / path.relative_to(module)
        if path.is_dir():
            copy.mkdir()
        else:
            shutil.copyfile(path, copy)
    return to


def _ignore(_line: str) -> None:
    """npm speaks at length; the last of it is in the error."""
