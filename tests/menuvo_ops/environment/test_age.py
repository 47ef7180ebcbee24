"""Pairs for age, made and compared where there is nothing but Python."""

import subprocess

import pytest
from tests.age import bindir

from menuvo_ops.environment.age import is_recipient, new_identity, recipient_of


def test_age_makes_the_same_recipient_of_an_identity() -> None:
    keygen = bindir() / "age-keygen"
    for _ in range(10):
        identity = new_identity()
        told = subprocess.run(
            [keygen, "-y"], input=identity, capture_output=True, text=True, check=True
        )
        assert recipient_of(identity) == told.stdout.strip()


def test_no_two_are_alike_and_each_is_one() -> None:
    identities = {new_identity() for _ in range(3)}
    assert len(identities) == 3
    for identity in identities:
        recipient = recipient_of(identity)
        assert recipient is not None
        assert is_recipient(recipient)
        assert not is_recipient(identity)


def test_each_letter_that_is_misspelt_is_found() -> None:
    identity = new_identity()
    recipient = recipient_of(identity) or ""
    for place in range(len("age1"), len(recipient)):
        other = "q" if recipient[place] != "q" else "p"
        assert not is_recipient(recipient[:place] + other + recipient[place + 1 :])
    for place in range(len("AGE-SECRET-KEY-1"), len(identity)):
        other = "Q" if identity[place] != "Q" else "P"
        assert recipient_of(identity[:place] + other + identity[place + 1 :]) is None


@pytest.mark.parametrize(
    "text", ["", "age1", "1", "AGE-SECRET-KEY-1", "age1é", "AGE-SECRET-KEY-1QQQQQQ", "ssh-ed25519"]
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert recipient_of(text) is None
    assert not is_recipient(text)
    identity = new_identity()
    assert recipient_of(identity.lower()) is None
    assert recipient_of(identity[:-1]) is None
