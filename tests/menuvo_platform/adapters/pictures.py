"""Pictures to upload, made on the spot; and hostile ones, made by hand."""

import struct
import zlib
from pathlib import Path

import pyvips

RED, BLUE = [200, 30, 30], [30, 30, 200]
# Upright it is 96 by 160 pixels, red above blue; stored lying, with a rotation and an EXIF note.
TURNED_HEIC = Path(__file__).parent / "files" / "turned.heic"


def landscape(width: int = 2000, height: int = 1000) -> pyvips.Image:
    """Red on the left, blue on the right."""
    half = pyvips.Image.black(width // 2, height, bands=3)
    both = (half + RED).join(half + BLUE, "horizontal")
    return both.cast("uchar").copy(interpretation="srgb")


def noise(width: int = 800, height: int = 600) -> pyvips.Image:
    return pyvips.Image.gaussnoise(width, height, mean=128).cast("uchar")


def turned(image: pyvips.Image) -> pyvips.Image:
    """Says that it is to be turned by 90 degrees, and by whom it was made."""
    marked = image.copy()
    marked.set_type(pyvips.GValue.gint_type, "orientation", 6)
    marked.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Artist", "Paula Probe")
    return marked


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that promise many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(b"\0" * 1000)),
            (b"IEND", b""),
        )
    )


SVG = b"""<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>"""
