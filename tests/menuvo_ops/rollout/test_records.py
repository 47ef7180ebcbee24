"""What is written down of a release is what is read again."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.menuvo_ops.rollout.releases import release

from menuvo_ops.rollout.records import Release, Schema, parse_schema, read, written

_heads = st.integers(1, 9999).map("{:04}".format)
_schemas = st.builds(Schema, _heads, _heads, st.dictionaries(_heads, _heads, max_size=3))
_numbers = st.integers(1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Release,
        number=_numbers,
        version=st.text(),
        images=st.dictionaries(st.text(), st.text(), max_size=3),
        schema=_schemas,
        made_at=st.text(),
        made_by=st.text(),
        previous=st.none() | _numbers,
        restores=st.none() | _numbers,
    )
)
def test_a_record_is_read_as_it_was_written(one: Release) -> None:
    assert read(written(one)) == one


def test_what_a_later_tool_adds_is_passed_over() -> None:
    later = json.dumps({**json.loads(written(release())), "colour": "green"})
    assert read(later) == release()


@pytest.mark.parametrize("missing", ["number", "images", "schema", "restores"])
def test_a_record_that_lacks_something_is_none(missing: str) -> None:
    facts = json.loads(written(release()))
    del facts[missing]
    with pytest.raises(ValueError, match="no record"):
        read(json.dumps(facts))


def test_a_schema_is_what_the_image_printed() -> None:
    assert parse_schema('{"oldest": "0001", "head": "0004", "contracts": {"0004": "0003"}}') == (
        Schema("0001", "0004", {"0004": "0003"})
    )


CONTRACTING = Schema("0001", "0005", {"0004": "0003", "0005": "0004"})


@pytest.mark.parametrize(
    ("applied", "least"), [(None, ""), ("0003", ""), ("0004", "0003"), ("0005", "0004")]
)
def test_a_contract_that_was_applied_says_which_releases_can_live_with_it(
    applied: str | None, least: str
) -> None:
    assert CONTRACTING.least_head(applied) == least


@pytest.mark.parametrize(
    ("applied", "running", "pending"),
    [
        ("0003", "0003", ["0005"]),
        ("0003", "0002", ["0004", "0005"]),
        ("0003", "0004", []),
        ("0005", "0002", []),
        (None, "0004", []),
    ],
)
def test_a_contract_that_is_still_to_come_is_held_against_what_runs(
    applied: str | None, running: str, pending: list[str]
) -> None:
    assert CONTRACTING.pending_contracts(applied, running=running) == pending
