"""The steps of the schema as their files tell them, read without Alembic and without running them.

A step may say which releases can live with what it takes away:

    CONTRACT = "0004"

Once it is applied, only releases whose head is at least 0004 can run. A step without that mark
only adds, and every release that ran before it runs after it.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

VERSIONS = Path(__file__).parent / "migrations" / "versions"


@dataclass(frozen=True, slots=True)
class Revision:
    number: str
    name: str
    # The least head of the releases that can run once this step is applied.
    contract: str | None = None

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


def read_revisions(versions: Path = VERSIONS) -> tuple[Revision, ...]:
    """In the order in which they are applied. Raises ValueError for a mark that means nothing."""
    revisions = tuple(_read(path) for path in sorted(versions.glob("[0-9]*_*.py")))
    known = {revision.number for revision in revisions}
    for revision in revisions:
        contract = revision.contract
        if contract is not None and not (contract in known and contract < revision.number):
            raise ValueError(
                f"{revision}: CONTRACT must name an earlier revision, and {contract!r} is none."
            )
    return revisions


def read_contracts(revisions: Sequence[Revision]) -> Mapping[str, str]:
    """Contract step to the least head of the releases that can live with it."""
    return {step.number: step.contract for step in revisions if step.contract is not None}


def _read(path: Path) -> Revision:
    number, _, name = path.stem.partition("_")
    return Revision(number=number, name=name, contract=_contract(path))


def _contract(path: Path) -> str | None:
    for node in ast.parse(path.read_text(encoding="utf-8"), str(path)).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="CONTRACT")], value=ast.Constant(value=str(mark))):
                return mark
            case (
                ast.Assign(targets=[ast.Name(id="CONTRACT")])
                | ast.AnnAssign(target=ast.Name(id="CONTRACT"))
            ):
                raise ValueError(f'{path.name}: write the mark plainly, as in CONTRACT = "0001".')
            case _:
                pass
    return None
