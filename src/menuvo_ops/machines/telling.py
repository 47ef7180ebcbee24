"""Findings as they come: one line for a person, or one object a line for a program."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from rich.markup import escape

from menuvo_ops.machines.findings import Finding
from menuvo_ops.terminal import data, talk

_COLOURS = {"ok": "green", "changed": "cyan", "warn": "yellow", "fail": "red", "skipped": "dim"}


def tell(findings: Iterable[Finding], *, as_json: bool) -> list[Finding]:
    """Return them, without those that only say that something has begun."""
    told: list[Finding] = []
    for finding in findings:
        if finding.status == "begun":
            talk.print(f"[dim]Mending {finding.name} ...[/]")
            continue
        told.append(finding)
        if as_json:
            data.print(json.dumps(asdict(finding)), markup=False, soft_wrap=True)
        else:
            _show(finding)
    return told


def _show(finding: Finding) -> None:
    colour = _COLOURS[finding.status]
    told = f"[{colour}]{finding.status:<8}[/] {finding.name:<12} {escape(finding.found)}"
    data.print(told, soft_wrap=True)
    if finding.fix:
        data.print(f"{'':<21} {escape(finding.fix)}", soft_wrap=True)
