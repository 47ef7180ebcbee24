"""What may be told of an error to somebody else."""

import pytest

from menuvo_platform.adapters.impersonal import LONGEST, impersonal


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Key (email)=(anna@example.org) already exists.", "Key (email)=(-) already exists."),
        ("no mail to anna.muster+x@example.org today", "no mail to [e-mail] today"),
        ("redis://:hunter2@host is away", "redis://-@host is away"),
        (
            "https://menuvo.app/haus/orders/0Secret1/events broke",
            "https://menuvo.app/haus/orders/-/events broke",
        ),
        ("GET /q/0SecretOfTable failed", "GET /q/- failed"),
        ("GET /haus?name=Anna failed", "GET /haus?- failed"),
        ("invalid name 'Anna Muster'", "invalid name '-'"),
        ('invalid name "Anna Muster"', "invalid name '-'"),
        ("password=hunter2 is wrong", "password=- is wrong"),
        ("198.51.100.7 gave up", "[address] gave up"),
        ("2001:db8:1:2::7 gave up", "[address] gave up"),
        ("call +49 (0)711 123-4567 now", "call [number] now"),
        ("order AbYKuPNJ1NUNAuSa is gone", "order [token] is gone"),
        ("one\nAnna Muster\nthree", "one"),
        ("connection refused after 30 s", "connection refused after 30 s"),
        ("", ""),
    ],
)
def test_what_could_be_somebodys_is_left_out(said: str, kept: str) -> None:
    assert impersonal(said) == kept


def test_it_is_short() -> None:
    assert len(impersonal("x " * 1000)) == LONGEST
