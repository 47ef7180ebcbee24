"""The encodings that phones accept, each made once and sent often."""

import gzip
import re

import brotli

_ZERO = re.compile(rb"q\s*=\s*0(\.0*)?")


def encodings(content: bytes) -> dict[bytes, bytes]:
    """The content by name of its encoding; the empty name is the content itself."""
    return {
        b"": content,
        b"gzip": gzip.compress(content, compresslevel=6, mtime=0),
        b"br": brotli.compress(content, quality=5),
    }


def preferred(accept_encoding: bytes) -> bytes:
    """The best that the reader takes; empty for the content as it is."""
    accepted = {_name(part) for part in accept_encoding.lower().split(b",") if not _refused(part)}
    return next((encoding for encoding in (b"br", b"gzip") if encoding in accepted), b"")


def _name(part: bytes) -> bytes:
    return part.partition(b";")[0].strip()


def _refused(part: bytes) -> bool:
    """A weight of zero says "not this one" (RFC 9110, section 12.4.2)."""
    return _ZERO.fullmatch(part.partition(b";")[2].strip()) is not None
