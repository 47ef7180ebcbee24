"""What is wrong with an environment, in words that show no secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Finding:
    # A name of the environment, or `.env` for the file itself.
    name: str
    problem: str
    # What a right one looks like, or what to do.
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.name} {self.problem}. {self.remedy}"


def warning(name: str, problem: str, remedy: str) -> Finding:
    return Finding(name, problem, remedy, "warning")


def as_facts(file: Path, found: Sequence[Finding]) -> dict[str, object]:
    """For programs."""
    errors = [_as_object(finding) for finding in found if finding.severity == "error"]
    warnings = [_as_object(finding) for finding in found if finding.severity == "warning"]
    return {"file": str(file), "ok": not errors, "errors": errors, "warnings": warnings}


def _as_object(finding: Finding) -> dict[str, str]:
    return {"name": finding.name, "problem": finding.problem, "remedy": finding.remedy}
