"""The encodings that phones accept, each made once and sent often."""

import gzip

import brotli


def encodings(content: bytes) -> dict[bytes, bytes]:
    """The content by name of its encoding; the empty name is the content itself."""
    return {
        b"": content,
        b"gzip": gzip.compress(content, compresslevel=6, mtime=0),
        b"br": brotli.compress(content, quality=5),
    }


def preferred(accept_encoding: bytes) -> bytes:
    if b"br" in accept_encoding:
        return b"br"
    return b"gzip" if b"gzip" in accept_encoding else b""
