"""The answer to "how is it?", as `menuvo status --json` prints it."""

from pathlib import Path
from typing import TypedDict

from menuvo_ops.local.demo import Demo, read_demo
from menuvo_ops.local.services import Status


class ServiceReport(TypedDict):
    name: str
    state: str
    detail: str
    pid: int | None
    url: str | None
    restarts: int
    resident_bytes: int | None
    essential: bool


class Addresses(TypedDict):
    base_url: str | None
    demo_menu_url: str | None
    demo_table_url: str | None
    console_url: str | None


class Report(Addresses):
    """`state` is stopped, starting, running, degraded or stopping."""

    state: str
    release: str | None
    services: list[ServiceReport]


def without_services(state: str) -> Report:
    return report(state=state, base_url=None, release=None, statuses=[], demo_file=None)


def report(
    *,
    state: str,
    base_url: str | None,
    release: str | None,
    statuses: list[Status],
    demo_file: Path | None,
) -> Report:
    demo = read_demo(demo_file) if demo_file and base_url else None
    return Report(
        state=state,
        **addresses(base_url, demo),
        release=release,
        services=[_service(status) for status in statuses],
    )


def addresses(base_url: str | None, demo: Demo | None) -> Addresses:
    return Addresses(
        base_url=base_url,
        demo_menu_url=f"{base_url}{demo.menu_path}" if demo else None,
        demo_table_url=f"{base_url}{demo.table_path}" if demo else None,
        console_url=f"{base_url}{demo.console_path}" if demo else None,
    )


def _service(status: Status) -> ServiceReport:
    return ServiceReport(
        name=status.name,
        state=status.state,
        detail=status.detail,
        pid=status.pid,
        url=status.url,
        restarts=status.restarts,
        resident_bytes=_resident_bytes(status.pid) if status.pid else None,
        essential=status.essential,
    )


def _resident_bytes(pid: int) -> int | None:
    """Of the process itself, without its children: shared pages would count twice."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None
