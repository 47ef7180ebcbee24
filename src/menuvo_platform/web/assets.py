"""Style sheets, scripts and icons: read once, served under the hash of their content.

During a deploy two releases answer side by side, and a page of one asks the other for its style
sheet. So an unknown hash gets the current file, without the promise that it never changes.
"""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from menuvo_platform.errors import NotFound

FOLDER = Path(__file__).parent / "static"
HASH_LENGTH = 12
A_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    media_type: str
    digest: str


class Assets:
    def __init__(self, folder: Path = FOLDER) -> None:
        self._assets: dict[str, Asset] = {
            str(path.relative_to(folder)): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def address(self, name: str) -> str:
        """The URL of a file of `web/static`; raises KeyError for one that is not there."""
        return f"/static/{self._assets[name].digest}/{name}"

    def find(self, name: str) -> Asset | None:
        return self._assets.get(name)

    @property
    def names(self) -> list[str]:
        return list(self._assets)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, media_type, hashlib.sha256(content).hexdigest()[:HASH_LENGTH])


@get("/static/{digest:str}/{name:path}", sync_to_thread=False)
def serve_asset(
    digest: FromPath[str], name: FromPath[Path], assets: NamedDependency[Assets]
) -> Response[bytes]:
    asset = assets.find(str(name).lstrip("/"))
    if asset is None:
        raise NotFound
    forever = f"public, max-age={A_YEAR}, immutable"
    return Response(
        asset.content,
        media_type=asset.media_type,
        headers={"Cache-Control": forever if digest == asset.digest else "no-cache"},
    )
