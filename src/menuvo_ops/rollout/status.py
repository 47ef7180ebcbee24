"""What is true right now: which release serves on which instance, and what is under way."""

from dataclasses import asdict, dataclass
from typing import Literal

from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.lock import holder
from menuvo_ops.rollout.plan import INSTANCES, WORKERS
from menuvo_ops.rollout.records import Release
from menuvo_ops.rollout.stack import Stack

State = Literal["empty", "serving", "at work", "cut off"]


@dataclass(frozen=True)
class Running:
    """One process of the platform, as its container is."""

    service: str
    state: str
    # The version of the release whose image it has; a question mark for none that is known.
    version: str


@dataclass(frozen=True)
class Status:
    state: State
    release: int | None
    version: str
    running: tuple[Running, ...]
    # Who is at work, or what was cut off and where.
    under_way: str = ""
    what_to_do: str = ""


def status(stack: Stack, archive: Archive) -> Status:
    current, entry = archive.current(), archive.under_way()
    running = tuple(_running(stack, archive, current)) if current else ()
    owner = holder(archive.lock)
    state: State = "serving" if current else "empty"
    under_way, what_to_do = "", "" if current else "menuvo deploy"
    if owner is not None and owner.lives:
        state, under_way, what_to_do = "at work", str(owner), "Wait for it."
    elif entry is not None:
        state = "cut off"
        under_way = f"{entry.told}, at: {entry.at_step}"
        what_to_do = entry.what_to_do
    number, version = (current.number, current.version) if current else (None, "")
    return Status(state, number, version, running, under_way, what_to_do)


def _running(stack: Stack, archive: Archive, current: Release) -> list[Running]:
    there = stack.containers(stack.project(archive.folder(current.number)).name)
    # The newest one that has the image wins.
    versions = {
        image: release.version
        for release in archive.releases()
        for image in release.images.values()
    }
    versions |= dict.fromkeys(current.images.values(), current.version)
    return [
        Running(name, there[name].word, versions.get(there[name].image, "?"))
        if name in there
        else Running(name, "missing", "?")
        for name in (*INSTANCES, *WORKERS)
    ]


def as_facts(found: Status) -> dict[str, object]:
    return asdict(found)


def as_text(found: Status) -> str:
    running = [f"  {one.service:<15} {one.version:<42} {one.state}" for one in found.running]
    return "\n".join([_serves(found), *running, *_under_way(found)])


def heading(found: Status) -> str:
    """Without the processes."""
    return "\n".join([_serves(found), *_under_way(found)])


def _serves(found: Status) -> str:
    if found.release is None:
        return "Nothing was deployed here yet."
    return f"Release {found.release} ({found.version}) serves."


def _under_way(found: Status) -> "list[str]":
    word = "At work" if found.state == "at work" else "Cut off"
    told = f"{word}: {found.under_way}" if found.under_way else ""
    return [line for line in (told, found.what_to_do) if line]
