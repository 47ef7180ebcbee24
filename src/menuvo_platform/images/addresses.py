"""Where the objects of a picture are; the database stores only what these are made of.

Variants are public and never change: their address names the content. Originals are private.
"""

import re
import uuid
from dataclasses import dataclass

from menuvo_platform.settings import S3Settings, Settings

MEDIA = "/media/"

_PUBLIC_KEY = re.compile(r"m/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{64}/\d{1,5}\.webp")


def original_key(merchant_id: uuid.UUID, sha256: str) -> str:
    return f"originals/{merchant_id}/{sha256}"


def variant_key(merchant_id: uuid.UUID, sha256: str, width: int) -> str:
    return f"m/{merchant_id}/{sha256}/{width}.webp"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where browsers find the pictures of a merchant; `base` is what media_base says."""

    base: str
    merchant_id: uuid.UUID

    def address(self, sha256: str, width: int) -> str:
        return self.base + variant_key(self.merchant_id, sha256, width)


def media_base(settings: Settings) -> str:
    """What comes before the key of a picture: where the bucket can be read, or a path of ours."""
    storage = settings.storage
    public_url = storage.public_url if isinstance(storage, S3Settings) else ""
    return f"{public_url}/" if public_url else MEDIA


def media_path(merchant_id: uuid.UUID, sha256: str, width: int) -> str:
    return MEDIA + variant_key(merchant_id, sha256, width)


def find_public_key(path: str) -> str | None:
    """The key of what a path below /media/ shows; None for everything that is not public."""
    key = path.removeprefix(MEDIA)
    return key if key != path and _PUBLIC_KEY.fullmatch(key) else None
