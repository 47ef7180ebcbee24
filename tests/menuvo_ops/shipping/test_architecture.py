import pytest

from menuvo_ops.shipping.architecture import mismatch, platforms_of


@pytest.mark.parametrize(
    ("platform", "machine"),
    [("linux/amd64", "x86_64"), ("linux/arm64", "aarch64"), ("linux/arm/v7", "armv7l")],
)
def test_an_image_for_the_machine_fits(platform: str, machine: str) -> None:
    assert mismatch([platform], machine) is None


def test_an_image_for_another_machine_is_said_with_both_names() -> None:
    assert mismatch(["linux/amd64"], "aarch64") == (
        "The image is built for linux/amd64, and the server is linux/arm64 (aarch64):"
        " it cannot run there."
    )


def test_an_image_for_another_system_does_not_fit() -> None:
    assert mismatch(["windows/amd64"], "x86_64") is not None


def test_one_fitting_platform_of_several_is_enough() -> None:
    assert mismatch(["linux/amd64", "linux/arm64/v8"], "aarch64") is None


def test_what_is_not_known_stops_nobody() -> None:
    assert mismatch([], "aarch64") is None


@pytest.mark.parametrize(
    ("printed", "platforms"),
    [
        ('{"architecture": "amd64", "os": "linux", "config": {}}', {"linux/amd64"}),
        (
            '{"linux/amd64": {}, "linux/arm64/v8": {}, "unknown/unknown": {}}',
            {"linux/amd64", "linux/arm64/v8"},
        ),
        ("null", set()),
        ("ERROR: no such manifest", set()),
    ],
)
def test_a_registry_tells_for_what_an_image_is_built(printed: str, platforms: set[str]) -> None:
    assert platforms_of(printed) == platforms
