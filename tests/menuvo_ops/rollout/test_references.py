"""A reference of an image, taken apart and put together."""

import pytest

from menuvo_ops.rollout.references import of_platform, of_sibling, pinned, repository, sibling

PLATFORM = "ghcr.io/mwesox/menuvo-platform:4f2a"
DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("redis", "redis"),
        ("redis:8", "redis"),
        ("localhost:5000/redis", "localhost:5000/redis"),
        ("localhost:5000/menuvo/redis:8", "localhost:5000/menuvo/redis"),
        (f"ghcr.io/a/b:1@{DIGEST}", "ghcr.io/a/b"),
        (f"ghcr.io/a/b@{DIGEST}", "ghcr.io/a/b"),
    ],
)
def test_a_colon_before_the_last_slash_is_a_port(reference: str, expected: str) -> None:
    assert repository(reference) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "ghcr.io/mwesox/menuvo-platform:new"),
        ("registry:5000/mine", "registry:5000/mine:new"),
        (f"registry:5000/mine:old@{DIGEST}", "registry:5000/mine:new"),
        (f"registry:5000/mine:new@{DIGEST}", f"registry:5000/mine:new@{DIGEST}"),
    ],
)
def test_a_version_takes_the_place_of_whatever_tag_there_was(given: str, expected: str) -> None:
    assert of_platform(given, "new") == expected


def test_the_other_images_lie_beside_the_platforms() -> None:
    assert sibling(PLATFORM, "caddy") == "ghcr.io/mwesox/menuvo-caddy"
    assert sibling("platform:1", "caddy") == "menuvo-caddy"


@pytest.mark.parametrize("given", ["", "ghcr.io/mwesox/menuvo-caddy:old"])
def test_our_own_image_follows_the_release(given: str) -> None:
    assert of_sibling(PLATFORM, "caddy", "new", given) == "ghcr.io/mwesox/menuvo-caddy:new"


def test_an_operators_own_image_stays() -> None:
    assert of_sibling(PLATFORM, "caddy", "new", "example.org/caddy:9") == "example.org/caddy:9"


def test_an_image_is_pinned_by_the_digest_of_its_own_repository() -> None:
    digests = ["elsewhere/menuvo-platform@sha256:00", f"ghcr.io/mwesox/menuvo-platform@{DIGEST}"]
    assert pinned(PLATFORM, digests) == f"{PLATFORM}@{DIGEST}"
    assert pinned(f"{PLATFORM}@sha256:11", digests) == f"{PLATFORM}@{DIGEST}"
    assert pinned(PLATFORM, digests[:1]) == PLATFORM
