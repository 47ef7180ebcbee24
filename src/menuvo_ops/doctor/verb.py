"""`menuvo doctor`: each finding as soon as it is there, and at the end how many are well."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from menuvo_ops.doctor import showing
from menuvo_ops.doctor.examination import examine
from menuvo_ops.doctor.finding import Finding, Found
from menuvo_ops.doctor.ground import Ground

_Ground = TypeVar("_Ground", bound=Ground)


def doctor(
    ground: _Ground,
    checks: Mapping[str, Callable[[_Ground], Found]],
    say: Callable[[str], None],
    *,
    as_json: bool,
) -> int:
    """Return the exit code: 3 when something is wrong."""
    if as_json:
        findings = list(examine(ground, checks))
        say(showing.as_json(findings))
        return showing.exit_code(findings)
    width = max(map(len, checks))
    findings: list[Finding] = []
    for finding in examine(ground, checks):
        say(showing.as_line(finding, width=width))
        findings.append(finding)
    say(f"\n{showing.conclusion(findings)}")
    return showing.exit_code(findings)
