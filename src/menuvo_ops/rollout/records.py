"""What a release is, and how it is written down: once, before anything changes, and never again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TypedDict, cast


@dataclass(frozen=True)
class Schema:
    """The schemas on which a release can run, as `menuvo-platform schema` tells them.

    `contracts` says of some revisions which head a release must have once they are applied.
    """

    oldest: str
    head: str
    contracts: Mapping[str, str] = field(default_factory=dict[str, str])

    def least_head(self, applied: str | None) -> str:
        """The head that whatever runs on a database at `applied` must have; empty for any."""
        return max((self.contracts[one] for one in self._applied(applied)), default="")

    def pending_contracts(self, applied: str | None, *, running: str) -> list[str]:
        """Revisions still to come that would take from a release with the head `running`."""
        done = set(self._applied(applied))
        return sorted(
            one for one, least in self.contracts.items() if one not in done and running < least
        )

    def _applied(self, revision: str | None) -> list[str]:
        return [one for one in self.contracts if revision is not None and one <= revision]


@dataclass(frozen=True)
class Release:
    """`images` are the ids of all images of the compose file, by their reference."""

    number: int
    version: str
    images: Mapping[str, str]
    schema: Schema
    made_at: str
    made_by: str
    # What ran before it, and which release it brings back.
    previous: int | None = None
    restores: int | None = None

    @property
    def name(self) -> str:
        return f"{self.number} ({self.version})"


class _WrittenSchema(TypedDict):
    oldest: str
    head: str
    contracts: dict[str, str]


class _Written(TypedDict):
    number: int
    version: str
    images: dict[str, str]
    schema: _WrittenSchema
    made_at: str
    made_by: str
    previous: int | None
    restores: int | None


def written(release: Release) -> str:
    return json.dumps(asdict(release), indent=2) + "\n"


def read(text: str) -> Release:
    """Raises ValueError for what is no record; names of later tools are passed over."""
    facts = cast("_Written", json.loads(text))
    try:
        return Release(
            number=facts["number"],
            version=facts["version"],
            images=facts["images"],
            schema=read_schema(facts["schema"]),
            made_at=facts["made_at"],
            made_by=facts["made_by"],
            previous=facts["previous"],
            restores=facts["restores"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no record of a release: {error}") from error


def read_schema(facts: _WrittenSchema) -> Schema:
    return Schema(facts["oldest"], facts["head"], facts["contracts"])


def parse_schema(line: str) -> Schema:
    """What `menuvo-platform schema` printed."""
    return read_schema(cast("_WrittenSchema", json.loads(line)))
