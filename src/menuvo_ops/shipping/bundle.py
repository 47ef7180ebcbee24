"""Reads what a release file carries: its name, the tags of its images, its infrastructure."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from menuvo_ops.errors import BundleUnreadable
from menuvo_ops.shipping.layout import INFRA, MANIFEST

IMAGES = ("platform", "caddy", "backup")
_OWNER_MAY_EXECUTE = 0o100
_FETCH_AGAIN = (
    "Fetch it again from the image of its release; the file of another release also does."
)


@dataclass(frozen=True)
class Bundle:
    """`images` are tags by image name, `files` contents by path relative to infra/."""

    version: str
    created: str
    images: Mapping[str, str]
    files: Mapping[str, bytes]
    executables: frozenset[str] = frozenset()


def running_file() -> Path | None:
    """The release file that this very code was started from; None in a checkout."""
    outermost = Path(__file__).parents[2]
    return outermost if outermost.is_file() else None


def read(pyz: Path) -> Bundle:
    """Raises BundleUnreadable when the file is damaged or no release of ours."""
    try:
        with zipfile.ZipFile(pyz) as archive:
            return _bundle(archive)
    except FileNotFoundError as error:
        raise BundleUnreadable(f"There is no file {pyz}.", hint=_FETCH_AGAIN) from error
    except (zipfile.BadZipFile, EOFError) as error:
        raise BundleUnreadable(
            f"The release file {pyz} is damaged: {error}.", hint=_FETCH_AGAIN
        ) from error
    except _NotOurs as error:
        raise BundleUnreadable(
            f"{pyz} is no release file of Menuvo: {error}.", hint=_FETCH_AGAIN
        ) from error


class _NotOurs(Exception):
    """A zip file that holds something else."""


def _bundle(archive: zipfile.ZipFile) -> Bundle:
    manifest = _manifest(archive)
    shipped = [one for one in archive.infolist() if one.filename.startswith(INFRA)]
    paths = {one.filename: _inner_path(one.filename) for one in shipped}
    return Bundle(
        version=_text(manifest, "version"),
        created=_text(manifest, "created"),
        images=_tags(manifest),
        files={paths[one.filename]: archive.read(one) for one in shipped},
        executables=frozenset(
            paths[one.filename] for one in shipped if (one.external_attr >> 16) & _OWNER_MAY_EXECUTE
        ),
    )


def _manifest(archive: zipfile.ZipFile) -> dict[str, object]:
    try:
        read = cast("object", json.loads(archive.read(MANIFEST)))
    except KeyError as error:
        raise _NotOurs(f"it has no {MANIFEST}") from error
    except ValueError as error:
        raise _NotOurs(f"its {MANIFEST} is not JSON") from error
    if not isinstance(read, dict):
        raise _NotOurs(f"its {MANIFEST} is no object")
    return cast("dict[str, object]", read)


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise _NotOurs(f"its {MANIFEST} names no {name}")
    return value


def _tags(manifest: Mapping[str, object]) -> dict[str, str]:
    images = manifest.get("images")
    if not isinstance(images, dict):
        raise _NotOurs(f"its {MANIFEST} names no images")
    return {name: _text(cast("dict[str, object]", images), name) for name in IMAGES}


def _inner_path(name: str) -> str:
    """Relative to infra/; nothing may be written beside the folder of a release."""
    inner = name.removeprefix(INFRA)
    if not inner or ".." in PurePosixPath(inner).parts or inner.startswith("/"):
        raise _NotOurs(f"it holds {name!r}, which leads out of its folder")
    return inner
