"""A sealed backup, and who keeps its key, another one, or none."""

import pytest

from menuvo_ops.backups.keys import RECOVERY_FILE, SERVER, Keeper, unopened
from menuvo_ops.backups.records import Backup, parse
from menuvo_ops.environment.age import new_identity, recipient_of
from menuvo_ops.environment.redacted import Redacted

IDENTITY, OTHER = new_identity(), new_identity()
RECIPIENT = recipient_of(IDENTITY) or ""
SEALED = Backup("20261128T030000Z", "good", size=1, sealed=True, recipients=(RECIPIENT,))


def told(backup: Backup, identity: str, keeper: Keeper = RECOVERY_FILE) -> str:
    return "".join(map(str, unopened(backup, {"BACKUP_AGE_IDENTITY": Redacted(identity)}, keeper)))


@pytest.mark.parametrize("identity", [IDENTITY, f"{OTHER}, {IDENTITY}"], ids=["one", "several"])
def test_an_identity_that_opens_it_is_enough(identity: str) -> None:
    assert told(SEALED, identity) == ""


def test_without_any_it_says_what_to_write_into_the_file() -> None:
    found = told(SEALED, "")
    assert f"is sealed for {RECIPIENT}, and the recovery file has no identity." in found
    assert "BACKUP_AGE_IDENTITY=AGE-SECRET-KEY-1..." in found


def test_a_server_without_any_says_how_it_gets_it() -> None:
    found = told(SEALED, "", SERVER)
    assert "and this server has no identity." in found
    assert "deploy it" in found


def test_one_that_does_not_open_it_is_told_and_not_shown() -> None:
    found = told(SEALED, OTHER)
    assert "has another identity" in found
    assert OTHER not in found


def test_what_is_not_sealed_needs_none() -> None:
    assert told(Backup("20261128T030000Z", "good", size=1), "") == ""


def test_for_whom_it_is_sealed_stands_in_its_record() -> None:
    listed = '[{"id": "x", "dump": {"bytes": 1, "sealed": {"recipients": ["age1a", "age1b"]}}}]'
    [found] = parse(listed)
    assert (found.sealed, found.recipients) == (True, ("age1a", "age1b"))
