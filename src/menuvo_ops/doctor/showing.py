"""Findings for people, and for programs the same facts."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from menuvo_ops.doctor.finding import Finding, Status
from menuvo_ops.logs.harmless import harmless

EXIT_ILL = 3
_MARKS: "dict[Status, str]" = {"ok": "✓", "warn": "!", "fail": "✗", "skipped": "-"}


def as_json(findings: Iterable[Finding]) -> str:
    return json.dumps([asdict(one) for one in findings])


def as_line(finding: Finding, *, width: int) -> str:
    """What was found, and below it what mends it. The last words of a service are among it."""
    indent = " " * (width + 4)
    told = f"\n{indent}".join(map(harmless, finding.found.splitlines()))
    line = f"{_MARKS[finding.status]} {finding.name:<{width}}  {told}"
    return f"{line}\n{indent}→ {finding.fix}" if finding.fix else line


def conclusion(findings: Sequence[Finding]) -> str:
    many = {status: sum(one.status == status for one in findings) for status in _MARKS}
    told = f"{many['ok']} of {len(findings)} are well"
    doubts = f", {many['warn']} are doubtful" if many["warn"] else ""
    return f"{told}{doubts}, {many['fail']} are not." if many["fail"] else f"{told}{doubts}."


def exit_code(findings: Iterable[Finding]) -> int:
    return EXIT_ILL if any(one.status == "fail" for one in findings) else 0
