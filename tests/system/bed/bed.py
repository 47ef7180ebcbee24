"""The test bed: from nothing to an engine that holds every image of production."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.errors import CommandFailed, Usage
from menuvo_ops.local.sources import Say
from tests.system.bed.base import provide_base
from tests.system.bed.binaries import Binaries, provide_binaries
from tests.system.bed.engine import Engine, running_engine
from tests.system.bed.production import build_images, variables
from tests.system.bed.project import RunningProject, running_project
from tests.system.bed.report import Report
from tests.system.bed.standins import REFERENCES, present_standins, provide_standins

# `pull`, `standins`, or nothing for: pull where that works.
CHOICE = "MENUVO_BED_IMAGES"


@dataclass(frozen=True)
class Bed:
    """`images` are production's own, as built from this checkout."""

    engine: Engine
    images: tuple[str, ...]
    has_rate_limits: bool
    report: Report

    @contextmanager
    def project(
        self,
        *files: Path,
        environment: Mapping[str, str] | None = None,
        env_file: Path | None = None,
        profiles: tuple[str, ...] = (),
    ) -> Generator[RunningProject]:
        """A project whose files find production's images under their variables."""
        given = {**variables(), **(environment or {})}
        with running_project(
            self.engine, *files, environment=given, env_file=env_file, profiles=profiles
        ) as project:
            yield project


@contextmanager
def running_bed(say: Say) -> Generator[Bed]:
    report = Report()
    with report.phase("engine"):
        running = running_engine(say)
        engine = running.__enter__()
    try:
        yield furnish(engine, report, say)
    finally:
        with report.phase("stop"):
            running.__exit__(None, None, None)


def furnish(engine: Engine, report: Report, say: Say) -> Bed:
    """Bring every image that production names onto the engine."""
    report.engine = engine.description
    with report.phase("pull"):
        pulled = pull_images(engine, say)
    binaries = None if pulled else _provide_standins(engine, report, say)
    with report.phase("production's images"):
        images = build_images(engine, binaries, say)
    report.standins = tuple(map(str, present_standins(engine)))
    has_rate_limits = binaries is None or binaries.has_rate_limits
    if not has_rate_limits:
        report.not_run = ("rate limits, because Caddy could not be built with its module",)
    return Bed(engine, images, has_rate_limits, report)


def _provide_standins(engine: Engine, report: Report, say: Say) -> Binaries:
    with report.phase("base"):
        base = provide_base(engine, say)
    with report.phase("binaries"):
        binaries = provide_binaries(say)
    with report.phase("stand-ins"):
        provide_standins(engine, base, binaries, say)
    return binaries


def pull_images(engine: Engine, say: Say) -> bool:
    """Whether the official images are here now."""
    choice = os.environ.get(CHOICE, "")
    if choice not in {"", "pull", "standins"}:
        raise Usage(f"{CHOICE} is {choice!r}.", hint="Write pull, standins, or leave it away.")
    if choice == "standins" or (not choice and present_standins(engine)):
        return False
    try:
        engine.docker(docker.look_up(REFERENCES[0]), what="Looking for the official images")
    except CommandFailed as refusal:
        if choice == "pull":
            raise
        say(f"{refusal.message} Stand-ins take their place.")
        return False
    for reference in REFERENCES:
        say(f"Pulling {reference}")
        engine.docker(docker.pull(reference), what=f"Pulling {reference}")
    return True
