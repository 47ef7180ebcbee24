"""Pictures from strangers become small WebP files; they are decoded in a child process only.

Heavy libraries are loaded there, and whatever a hostile file does happens there: without secrets in
the environment, with limits on memory and time.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from typing import ClassVar

import msgspec

from menuvo_platform.adapters.decoding import Picture, Refusal
from menuvo_platform.errors import Invalid, TooLarge

MAX_BYTES = 15 * 1024 * 1024
WALL_SECONDS = 90.0

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_AVIF_BRANDS = {b"avif", b"avis"}


class WrongImageType(Invalid):
    code: ClassVar[str] = "image.wrong_type"


class ImageTooLarge(TooLarge):
    code: ClassVar[str] = "image.too_large"


class TooManyPixels(Invalid):
    code: ClassVar[str] = "image.too_many_pixels"


class BrokenImage(Invalid):
    code: ClassVar[str] = "image.broken"


def check_upload(content: bytes) -> str:
    """The type of a picture by its first bytes; the name of a file says nothing.

    Raises ImageTooLarge and WrongImageType. SVG is a wrong type: it is a program.
    """
    if len(content) > MAX_BYTES:
        raise ImageTooLarge(megabytes=MAX_BYTES // 1024**2)
    content_type = _content_type(content)
    if content_type is None:
        raise WrongImageType
    return content_type


async def render(content: bytes, content_type: str, widths: Sequence[int]) -> Picture:
    """The picture in each of the widths that it has, upright and without metadata.

    Raises TooManyPixels and BrokenImage; RuntimeError when the fault is ours.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        "menuvo_platform.adapters.decoding",
        content_type,
        *map(str, widths),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env={"VIPS_CONCURRENCY": "1", "VIPS_DISC_THRESHOLD": "2g", "MALLOC_ARENA_MAX": "1"},
        cwd="/",
    )
    try:
        async with asyncio.timeout(WALL_SECONDS):
            answer, complaint = await child.communicate(content)
    except TimeoutError:
        raise BrokenImage from None
    finally:
        await _end(child)
    if child.returncode:
        raise _failure(child.returncode, complaint)
    return _picture(answer)


async def _end(child: Process) -> None:
    if child.returncode is None:
        child.kill()
        await child.wait()


def _picture(answer: bytes) -> Picture:
    decoded = msgspec.msgpack.decode(answer, type=Picture | Refusal)
    if isinstance(decoded, Picture):
        return decoded
    if decoded.reason == "too_many_pixels":
        raise TooManyPixels
    raise BrokenImage


def _failure(code: int, complaint: bytes) -> Exception:
    if code < 0:  # A signal: it ran into a limit or crashed, and a picture made it do that.
        return BrokenImage()
    return RuntimeError(complaint.decode(errors="replace").strip().rpartition("\n")[2])


def _content_type(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return _iso_media_type(content)
    return None


def _iso_media_type(content: bytes) -> str | None:
    """ISO/IEC 14496-12: the first box names a brand, its version, and compatible brands."""
    box = content[8 : min(int.from_bytes(content[:4], "big"), 256)]
    brands = {box[start : start + 4] for start in range(0, len(box), 4) if start != 4}
    if brands & _AVIF_BRANDS:
        return "image/avif"
    return "image/heic" if brands & _HEIC_BRANDS else None
