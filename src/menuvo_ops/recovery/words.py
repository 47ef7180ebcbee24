"""What a recovery file says of itself: whoever finds it years later has nothing else to read."""

import textwrap
from collections.abc import Iterator

from menuvo_ops.shipping.layout import IN_IMAGE

FIRST = "# RECOVERY FILE OF"
LAST = "# END OF THE RECOVERY FILE"
_WIDTH = 92
_WHAT = """\
Whoever has this file has everything of this production: keep it where you keep passwords, and never
on the server that it is for.

With it and the bucket of the backups an empty server becomes the production again. In a checkout of
Menuvo, on your own machine, where THIS-FILE is its name:"""
_THERE = """\
Or without a checkout, on the new server itself, as a user who may use Docker:"""
_AFTER = """\
It shows what it will do and what is in the way, and asks before it does anything. Every step is in
docs/runbooks/rebuild-the-server.md. A line that is wrong by now, as a key that was taken back, may
be changed here."""


def header(domain: str, image: str, at: str) -> Iterator[str]:
    """`at` as it is to be read."""
    yield f"{FIRST} {domain}, written {at}"
    yield from _told(_WHAT)
    yield from _typed("./menuvo rebuild THIS-FILE --host deploy@NEW-SERVER")
    yield from _told(_THERE)
    yield from _typed(
        f"docker create --name menuvo-tool {image}",
        f"docker cp menuvo-tool:{IN_IMAGE} menuvo.pyz && docker rm menuvo-tool",
        "python3 menuvo.pyz rebuild THIS-FILE --directory menuvo",
    )
    yield from _told(_AFTER)
    yield ""


def _told(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield "#"
        for line in textwrap.wrap(paragraph.replace("\n", " "), _WIDTH):
            yield f"# {line}"


def _typed(*commands: str) -> Iterator[str]:
    yield "#"
    yield from (f"#   {command}" for command in commands)
