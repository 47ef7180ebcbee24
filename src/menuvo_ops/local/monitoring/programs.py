"""Gatus and Beszel of this clone: built once when that is asked for, and found by every start."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.errors import CommandFailed, MissingProgram
from menuvo_ops.local.golang import OLDEST, Builder, Module, find_go
from menuvo_ops.local.leftovers import mark
from menuvo_ops.local.monitoring import modules
from menuvo_ops.local.monitoring.pages import HubBuilder
from menuvo_ops.local.paths import Clone
from menuvo_ops.local.sources import Say

_HUB = "beszel"
_WITHOUT = "Everything but them: ./menuvo up"


@dataclass(frozen=True)
class Beszel:
    hub: Path
    agent: Path


@dataclass(frozen=True)
class Programs:
    """Beszel is missing where npm is, which makes its pages."""

    gatus: Path
    beszel: Beszel | None


def find(clone: Clone) -> Programs | None:
    """What was built of today's pins."""
    gatus, agent, hub = (one.program(clone.programs) for one in _modules(clone))
    if not gatus.exists():
        return None
    return Programs(gatus, Beszel(hub, agent) if hub.exists() and agent.exists() else None)


def can_be_built(clone: Clone) -> bool:
    return find(clone) is None and find_go() is not None


def build(clone: Clone, *, say: Say, show: Say) -> None:
    """What is missing; `show` is told how far it is.

    Raises MissingProgram before anything is built, or CommandFailed.
    """
    npm = shutil.which("npm")
    missing = [one for one in _wanted(clone, npm, say) if not one.program(clone.programs).exists()]
    if not missing:
        return
    builder = Builder(_require_go(), show, mark(clone.state))
    names = ", ".join(one.name for one in missing)
    say(f"Building {names}. That takes minutes, and is done once")
    for module in missing:
        began = time.monotonic()
        maker = HubBuilder(builder, Path(npm)) if npm and module.name == _HUB else builder
        try:
            maker.build(module, clone.programs)
        except CommandFailed as failure:
            raise CommandFailed(failure.message, hint=f"{failure.hint}\n{_WITHOUT}") from failure
        _forget_others(module, clone.programs)
        say(f"{module.name} is built, after {time.monotonic() - began:.0f} s")


def _wanted(clone: Clone, npm: str | None, say: Say) -> Sequence[Module]:
    gatus, agent, hub = _modules(clone)
    if npm or hub.program(clone.programs).exists():
        return [gatus, agent, hub]
    say(
        "Gatus runs without Beszel: npm, which makes Beszel's pages, is not on this machine "
        "(it comes with Node.js, 20 or newer)"
    )
    return [gatus]


def _modules(clone: Clone) -> tuple[Module, Module, Module]:
    return modules.gatus(clone.root), modules.agent(clone.root), modules.hub(clone.root)


def _require_go() -> Path:
    go = find_go()
    if go is None:
        raise MissingProgram(
            f"Gatus and Beszel are built with Go {OLDEST} or newer, which is not on this machine.",
            hint=f"Install Go (https://go.dev/dl) and run the command again.\n{_WITHOUT}",
        )
    return go


def _forget_others(module: Module, cache: Path) -> None:
    """Those of older pins."""
    for older in cache.glob(f"{module.name}-*"):
        if older != module.home(cache):
            shutil.rmtree(older, ignore_errors=True)
