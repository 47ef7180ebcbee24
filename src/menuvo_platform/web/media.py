"""Pictures by their key. The key names the content, so what was seen once is never asked for again.

Only pictures made for menus are public; originals and imported files lie in the same storage.
"""

from pathlib import Path

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from menuvo_platform.adapters.object_stores import PUBLIC_ATTRIBUTES
from menuvo_platform.errors import NotFound
from menuvo_platform.images.addresses import MEDIA, find_public_key
from menuvo_platform.web.platform import Platform


@get("/media/{path:path}")
async def serve_picture(
    path: FromPath[Path], platform: NamedDependency[Platform]
) -> Response[bytes]:
    key = find_public_key(MEDIA + str(path).lstrip("/"))
    content = await platform.storage.find(key) if key else None
    if content is None:
        raise NotFound
    return Response(
        content,
        media_type=PUBLIC_ATTRIBUTES["Content-Type"],
        headers={"Cache-Control": PUBLIC_ATTRIBUTES["Cache-Control"]},
    )
