import subprocess
import sys
from pathlib import Path

import pytest
import pyvips

from menuvo_platform.adapters import imaging
from menuvo_platform.adapters.decoding import Picture
from menuvo_platform.adapters.imaging import (
    MAX_BYTES,
    BrokenImage,
    ImageTooLarge,
    TooManyPixels,
    WrongImageType,
    check_upload,
    render,
)
from tests.menuvo_platform.adapters.pictures import (
    BLUE,
    RED,
    SVG,
    TURNED_HEIC,
    landscape,
    noise,
    png_that_claims,
    turned,
)

pytestmark = pytest.mark.slow

WIDTHS = (320, 800, 1600)


async def render_upload(content: bytes) -> Picture:
    return await render(content, check_upload(content), WIDTHS)


def opened(webp: bytes) -> pyvips.Image:
    return pyvips.Image.webpload_buffer(webp)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif"])
async def test_a_picture_becomes_webp_in_three_widths(suffix: str) -> None:
    picture = await render_upload(landscape().write_to_buffer(suffix))
    assert (picture.width, picture.height) == (2000, 1000)
    for width, webp in picture.variants.items():
        image = opened(webp)
        assert (image.width, image.height) == (width, width // 2)
        assert close(image(width // 4, 50), RED)
        assert close(image(width * 3 // 4, 50), BLUE)
    assert sorted(picture.variants) == list(WIDTHS)


async def test_a_photo_of_an_iphone_is_read_and_upright() -> None:
    picture = await render_upload(TURNED_HEIC.read_bytes())
    assert (picture.width, picture.height) == (96, 160)
    image = opened(picture.variants[96])
    assert close(image(48, 20), RED)
    assert close(image(48, 140), BLUE)


async def test_a_picture_is_never_enlarged() -> None:
    assert list((await render_upload(landscape(200, 100).pngsave_buffer())).variants) == [200]
    picture = await render_upload(landscape(1000, 100).pngsave_buffer())
    assert sorted(picture.variants) == [320, 800, 1000]


async def test_a_picture_is_turned_upright_and_tells_nothing_about_its_maker() -> None:
    upload = turned(landscape(1000, 500)).jpegsave_buffer()
    assert b"Paula Probe" in upload
    picture = await render_upload(upload)
    assert (picture.width, picture.height) == (500, 1000)
    image = opened(picture.variants[320])
    assert (image.width, image.height) == (320, 640)
    assert close(image(160, 100), RED)
    assert close(image(160, 540), BLUE)
    assert not any("exif" in field or "orientation" in field for field in image.get_fields())


async def test_other_colour_models_end_as_what_a_browser_shows() -> None:
    white = pyvips.Image.black(400, 300, bands=4).copy(interpretation="cmyk").jpegsave_buffer()
    assert (await render_upload(white)).colour == "#ffffff"
    grey = (pyvips.Image.black(400, 300) + 128).cast("uchar").jpegsave_buffer()
    assert (await render_upload(grey)).colour == "#808080"
    deep = landscape(400, 300).colourspace("rgb16").pngsave_buffer()
    assert close(opened((await render_upload(deep)).variants[400])(10, 10), RED)


async def test_the_average_colour_takes_transparency_for_white() -> None:
    empty = pyvips.Image.black(400, 300, bands=4).copy(interpretation="srgb").pngsave_buffer()
    picture = await render_upload(empty)
    assert picture.colour == "#ffffff"
    assert opened(picture.variants[320]).hasalpha()


async def test_a_picture_may_be_as_tall_as_a_receipt() -> None:
    picture = await render_upload(pyvips.Image.black(100, 30_000).pngsave_buffer())
    assert (picture.width, picture.height) == (100, 30_000)
    assert opened(picture.variants[100]).height == 400


async def test_a_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(TooManyPixels):
        await render_upload(png_that_claims(60_000, 60_000))


async def test_what_a_header_promises_and_the_file_does_not_hold_is_broken() -> None:
    with pytest.raises(BrokenImage):
        await render_upload(png_that_claims(6_000, 6_000))


async def test_a_large_picture_from_a_small_file_is_read_within_the_limits() -> None:
    picture = await render_upload(pyvips.Image.black(8_000, 6_200).pngsave_buffer(interlace=True))
    assert sorted(picture.variants) == list(WIDTHS)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif"])
async def test_half_a_picture_is_broken(suffix: str) -> None:
    upload = noise().write_to_buffer(suffix)
    with pytest.raises(BrokenImage):
        await render_upload(upload[: len(upload) // 2])


async def test_half_a_photo_of_an_iphone_is_broken() -> None:
    with pytest.raises(BrokenImage):
        await render_upload(TURNED_HEIC.read_bytes()[:650])


@pytest.mark.parametrize(
    "content",
    [SVG, b"Pommes;4,50", b"", b"%PDF-1.7", b"GIF89a", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"],
)
def test_what_is_not_a_picture_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(WrongImageType):
        check_upload(content)


async def test_the_type_that_the_first_bytes_feign_does_not_open_another_decoder() -> None:
    with pytest.raises(BrokenImage):
        await render_upload(b"\xff\xd8\xff" + SVG)


def test_what_is_too_large_is_refused_unread() -> None:
    with pytest.raises(ImageTooLarge) as refused:
        check_upload(bytes(MAX_BYTES + 1))
    assert refused.value.facts == {"megabytes": 15}


async def test_a_decoder_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imaging, "WALL_SECONDS", 0.01)
    with pytest.raises(BrokenImage):
        await render_upload(noise().pngsave_buffer())


async def test_a_fault_of_ours_is_not_blamed_on_the_picture() -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        await render(b"", "image/unknown", WIDTHS)


@pytest.mark.parametrize(
    ("deed", "sign"),
    [
        ("bytes(2 * 1024**3)", "MemoryError"),
        ("open(sys.argv[1], 'wb', buffering=0).write(b'x')", "File too large"),
    ],
)
def test_the_child_has_limits(deed: str, sign: str, tmp_path: Path) -> None:
    program = "import sys; from menuvo_platform.adapters import decoding; decoding.limit(); " + deed
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "file")],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert sign in ended.stderr


def close(pixel: list[float], wanted: list[int]) -> bool:
    return all(abs(is_ - should) < 16 for is_, should in zip(pixel, wanted, strict=False))
