"""What a recovery file holds, and how it is written and read: plain text, also typed from paper.

It is an environment file. Files that are the operator's own follow as lines with a bar in front,
and the last line tells a copy that lost its end from a whole one.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from menuvo_ops.environment.dotenv import Document, parse, quoted
from menuvo_ops.environment.merging import Source, by_todays_names
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.environment.values import text
from menuvo_ops.errors import EnvironmentInvalid, NotReady
from menuvo_ops.recovery.words import FIRST, LAST, header
from menuvo_ops.rollout.stack import OVERRIDE_FILE, Stack

_FILE = re.compile(r"# FILE (?P<name>\S+)")
_BAR = "| "
_LAST = re.compile(rf"{LAST} (?P<digits>[0-9a-f]{{8}})")


@dataclass(frozen=True)
class Recovery:
    """`files` are texts by their path in the deployment's folder."""

    source: Source
    files: Mapping[str, str]
    # Whether every line is as it was written.
    is_untouched: bool = True

    @property
    def domain(self) -> str:
        return text(self.source.values, "DOMAIN")

    @property
    def image(self) -> str:
        return text(self.source.values, "PLATFORM_IMAGE")

    @property
    def version(self) -> str:
        return text(self.source.values, "VERSION")


def of_deployment(stack: Stack) -> Recovery:
    """Raises NotReady where there is nothing yet to recover."""
    if not stack.deployment.env_file.exists():
        raise NotReady(
            f"There is no environment in {stack.directory}.",
            hint="A recovery file is written once something was deployed: menuvo deploy",
        )
    source = by_todays_names(read_without_mistakes(stack.deployment.env_file))
    override = stack.directory / OVERRIDE_FILE
    return Recovery(source, {OVERRIDE_FILE: override.read_text()} if override.is_file() else {})


def written(recovery: Recovery, *, at: str, left_out: frozenset[str] = frozenset()) -> str:
    """`left_out` are names that a rebuild makes anew; what is empty says nothing either."""
    body = list(_body(recovery, left_out))
    last = f"{LAST} {_digits(body)}"
    return "\n".join([*header(recovery.domain, recovery.image, at), *body, "", last]) + "\n"


def read(content: str, *, name: str) -> Recovery:
    """Raises EnvironmentInvalid for what is no recovery file, or has lost its end."""
    lines = [line.rstrip() for line in content.replace("\r\n", "\n").split("\n")]
    if not any(line.startswith(FIRST) for line in lines):
        raise EnvironmentInvalid(
            f"{name} is no recovery file.", hint="Write one: menuvo recovery write"
        )
    last = next((found for line in lines if (found := _LAST.fullmatch(line))), None)
    if last is None:
        raise EnvironmentInvalid(
            f"{name} has lost its end: the last line of a recovery file begins with '{LAST}'.",
            hint="Copy it once more, whole.",
        )
    document = parse("\n".join(line for line in lines if not line.startswith(_BAR.rstrip())))
    source = by_todays_names(document)
    _require_readable(document, source, name)
    recovery = Recovery(source, _files(lines))
    is_untouched = _digits(list(_body(recovery, frozenset()))) == last["digits"]
    return Recovery(source, recovery.files, is_untouched)


def _body(recovery: Recovery, left_out: frozenset[str]) -> Iterator[str]:
    for values in (recovery.source.values, recovery.source.unknown):
        for name, value in values.items():
            if value and name not in left_out:
                yield f"{name}={quoted(value.reveal())}"
    for name, content in recovery.files.items():
        yield f"# FILE {name}"
        yield from (f"{_BAR}{line}".rstrip() for line in content.splitlines())


def _files(lines: list[str]) -> dict[str, str]:
    files: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if begun := _FILE.fullmatch(line):
            name = begun["name"]
            files[name] = []
        elif line.startswith(_BAR.rstrip()) and name:
            files[name].append(line[len(_BAR) :])
    return {name: "\n".join([*content, ""]) for name, content in files.items()}


def _require_readable(document: Document, source: Source, name: str) -> None:
    mistakes = [*document.mistakes, *source.mistakes]
    if mistakes:
        told = "\n".join(map(str, mistakes))
        raise EnvironmentInvalid(f"{name} cannot be read:\n{told}", hint="Mend these lines.")


def _digits(body: list[str]) -> str:
    return hashlib.sha256("\n".join(body).encode()).hexdigest()[:8]
