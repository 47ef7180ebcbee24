"""`menuvo env init` and `menuvo env check` on a server: plain lines, and nobody is asked."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from menuvo_ops.environment.deployment import Deployment
from menuvo_ops.environment.making import make
from menuvo_ops.environment.merging import by_todays_names
from menuvo_ops.environment.production import examine
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.errors import EnvironmentInvalid


def init(deployment: Deployment, *, domain: str | None, from_file: Path | None) -> list[str]:
    """Complete what is there; what is still to be filled in is in the answer, not raised."""
    values: dict[str, str] = {}
    if from_file is not None:
        brought = by_todays_names(read_without_mistakes(from_file))
        values = {name: one.reveal() for name, one in {**brought.unknown, **brought.values}.items()}
    if domain:
        values["DOMAIN"] = domain
    with suppress(EnvironmentInvalid):
        make(deployment, values)
    return check(deployment)


def check(deployment: Deployment) -> list[str]:
    """Everything that is wrong, a line each; empty when it is complete."""
    return list(_lines(deployment))


def _lines(deployment: Deployment) -> Iterator[str]:
    environment = examine(deployment)
    for finding in environment.errors:
        yield f"error   {finding}"
    for finding in environment.warnings:
        yield f"warning {finding}"
