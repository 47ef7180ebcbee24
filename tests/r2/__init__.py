"""Object storage as strict as Cloudflare's R2 is documented to be, and in places stricter.

What it refuses is what R2's pages on S3 compatibility, multipart objects and examples say that R2
does not have, and what people met: regions, streaming signatures, trailing checksums, parts of
unequal size. Checksum headers and storage classes it knows by now in part; ours must not need them.
"""
