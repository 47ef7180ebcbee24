"""What registries answer that no test can ask; tests/system/test_registry.py asks the rest."""

import pytest

from menuvo_ops.shipping.pulling import explain, registry_of

REFERENCE = "ghcr.io/mwesox/menuvo-platform:1"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('Error response from daemon: Head "https://ghcr.io/v2/x/manifests/1": denied', "let this"),
        (
            "Error response from daemon: failed to resolve reference: ghcr.io/x:1: not found",
            "no im",
        ),
        ("dial tcp: lookup ghcr.io: no such host", "cannot be reached"),
        (
            "net/http: request canceled (Client.Timeout exceeded while awaiting)",
            "cannot be reached",
        ),
        ("no space left on device", "could not be fetched"),
    ],
)
def test_what_a_registry_says_becomes_a_sentence(said: str, sentence: str) -> None:
    told = explain(REFERENCE, f"some progress\n{said}\n")
    assert sentence in told.message
    assert told.hint.endswith(said)


@pytest.mark.parametrize(
    ("reference", "registry"),
    [
        (REFERENCE, "ghcr.io"),
        ("127.0.0.1:5000/menuvo-platform:1", "127.0.0.1:5000"),
        ("localhost/menuvo-platform:1", "localhost"),
        ("mwesox/menuvo-platform:1", "docker.io"),
        ("menuvo-platform:1", "docker.io"),
    ],
)
def test_a_registry_is_named_as_docker_looks_for_it(reference: str, registry: str) -> None:
    assert registry_of(reference) == registry
