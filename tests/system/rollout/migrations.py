"""Steps of the schema that follow the head of this checkout, as a release would bring them."""

from dataclasses import dataclass

from menuvo_platform.db.schema import HEAD

_NEXT, _AFTER = f"{int(HEAD) + 1:04}", f"{int(HEAD) + 2:04}"
_FILE = '''"""{name} (of a test)."""

from alembic import op

revision = "{number}"
down_revision = "{before}"
{mark}

def upgrade() -> None:
    for statement in {statements!r}:
        op.execute(statement)
'''


@dataclass(frozen=True)
class Step:
    number: str
    name: str
    statements: tuple[str, ...]
    contract: str | None = None

    @property
    def file(self) -> str:
        return f"{self.number}_{self.name}.py"

    @property
    def source(self) -> str:
        return _FILE.format(
            name=self.name.capitalize(),
            number=self.number,
            before=f"{int(self.number) - 1:04}",
            mark=f'CONTRACT = "{self.contract}"\n' if self.contract else "",
            statements=self.statements,
        )


EXPAND = Step(_NEXT, "expands", ("ALTER TABLE stores ADD COLUMN IF NOT EXISTS rollout_note text",))
# Half of the statement's step is done when it fails, and the step before it stays.
FAIL = Step(
    _AFTER, "fails_half_way", ("ALTER TABLE stores ADD COLUMN rollout_half text", "SELECT 1 / 0")
)
# Waits for everybody who reads or writes orders; see variants.table_held.
BLOCK = Step(_NEXT, "blocks", ("ALTER TABLE orders ADD COLUMN rollout_note text",))
# A release that says `allergy` where the one that runs says `allergy_note`, and warns nobody.
DESTROY = Step(
    _NEXT, "destroys", ("ALTER TABLE orders RENAME COLUMN allergy_note TO rollout_allergy",)
)
RENAMED = (
    "allergy_note: Mapped[str] = mapped_column(server_default",
    'allergy_note: Mapped[str] = mapped_column("rollout_allergy", server_default',
)
# Only releases that know the step before it can live with it.
CONTRACT = Step(
    _AFTER, "contracts", ("ALTER TABLE stores DROP COLUMN rollout_note",), contract=_NEXT
)
# No release takes a schema back, so the tests do.
AS_BEFORE = (
    "ALTER TABLE stores DROP COLUMN IF EXISTS rollout_note, DROP COLUMN IF EXISTS rollout_half;"
    " ALTER TABLE orders DROP COLUMN IF EXISTS rollout_note;"
    f" UPDATE alembic_version SET version_num = '{HEAD}'"
)
