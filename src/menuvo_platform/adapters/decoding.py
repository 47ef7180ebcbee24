"""The child process that decodes one picture: `python -m ... TYPE WIDTH...`, bytes in, msgpack out.

It limits itself before it loads a decoder, and it is started for every picture anew.
"""

import io
import os
import resource
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pyvips import Image

MAX_PIXELS = 50_000_000
MEMORY_BYTES = 1536 * 1024**2  # address space; 50 megapixels of 16 bit RGBA are 400 MB of it
CPU_SECONDS = 30
TALLEST = 4  # times as high as wide; what is taller is scaled to fit
QUALITY = 80

_LOADERS = {
    "image/jpeg": "jpegload_buffer",
    "image/png": "pngload_buffer",
    "image/webp": "webpload_buffer",
    "image/avif": "heifload_buffer",
}


class Picture(msgspec.Struct, frozen=True, tag=True):
    """Width and height as it is seen, its average colour as #rrggbb, and WebP files by width."""

    width: int
    height: int
    colour: str
    variants: dict[int, bytes]


class Refusal(msgspec.Struct, frozen=True, tag=True):
    reason: str


class _Refused(Exception):
    pass


def main() -> None:
    limit()
    content_type, *widths = sys.argv[1:]
    try:
        answer = _decode(sys.stdin.buffer.read(), content_type, [int(width) for width in widths])
    except _Refused as refused:
        answer = Refusal(str(refused))
    except MemoryError:
        answer = Refusal("broken")
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


def limit() -> None:
    """From here on this process cannot take more than a picture deserves."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    os.nice(10)  # guests come first


def _decode(content: bytes, content_type: str, widths: Sequence[int]) -> Picture:
    import pyvips

    pyvips.block_untrusted_set(state=True)
    try:
        if content_type == "image/heic":
            return _render(_open_heic(content), widths)
        return _render(_open(content, content_type), widths, content)
    except pyvips.Error as error:
        raise _Refused("broken") from error


def _open(content: bytes, content_type: str) -> "Image":
    """Reads the header, with the one decoder that the type names."""
    import pyvips

    image = pyvips.Operation.call(_LOADERS[content_type], content)
    _check_pixels(image.width, image.height)
    if image.get_typeof("orientation") and image.get("orientation") in range(5, 9):
        return image.rot90()
    return image


def _open_heic(content: bytes) -> "Image":
    """libvips comes without a decoder for HEVC; pi-heif has one, and turns the picture upright."""
    import pi_heif
    import pyvips

    try:
        picture = pi_heif.open_heif(io.BytesIO(content))
        _check_pixels(*picture.size)
        pixels = bytes(picture.data or b"")
    except (ValueError, RuntimeError, EOFError, SyntaxError) as error:
        raise _Refused("broken") from error
    (width, height), bands = picture.size, len(picture.mode)
    image = pyvips.Image.new_from_memory(pixels, picture.stride // bands, height, bands, "uchar")
    image = image.crop(0, 0, width, height)
    image = image.copy(interpretation="srgb" if bands > 2 else "b-w")
    profile = picture.info.get("icc_profile")
    if isinstance(profile, bytes):
        # The stub of pyvips does not know that a blob is bytes.
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)  # pyright: ignore[reportArgumentType]
    return image


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _Refused("too_many_pixels")


def _render(image: "Image", widths: Sequence[int], content: bytes | None = None) -> Picture:
    """Decodes once, to the largest width, and goes down from there.

    From the bytes themselves it is faster: JPEG can be decoded smaller than it is.
    """
    wanted = sorted({min(width, image.width) for width in widths}, reverse=True)
    largest = _largest(image, content, wanted[0]).colourspace("srgb").copy_memory()
    variants = {wanted[0]: _webp(largest)}
    for width in wanted[1:]:
        smaller = largest.thumbnail_image(width, height=width * TALLEST, size="down")
        variants[width] = _webp(smaller)
    return Picture(image.width, image.height, _average_colour(largest), variants)


def _largest(image: "Image", content: bytes | None, width: int) -> "Image":
    import pyvips

    tallest = width * TALLEST
    if content is None:
        return image.thumbnail_image(width, height=tallest, size="down", output_profile="srgb")
    return pyvips.Image.thumbnail_buffer(
        content,
        width,
        height=tallest,
        size="down",
        output_profile="srgb",
        # Its own argument `fail_on` does not reach the loader (libvips 8.18).
        option_string="[fail_on=error]",
    )


def _webp(image: "Image") -> bytes:
    return image.webpsave_buffer(Q=QUALITY, effort=4, keep=0)


def _average_colour(image: "Image") -> str:
    opaque = image.flatten(background=[255, 255, 255]) if image.hasalpha() else image
    return "#" + "".join(f"{round(band.avg()):02x}" for band in opaque.bandsplit())


if __name__ == "__main__":
    main()
