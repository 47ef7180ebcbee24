"""Addresses that belong to the platform and can be no store's."""

from menuvo_platform.translated import CONTENT_LANGUAGES

RESERVED = frozenset(
    {
        "api",
        "console",
        "dev",
        "health",
        "internal",
        "legal",
        "live",
        "media",
        "q",
        "ready",
        "static",
        *CONTENT_LANGUAGES,
    }
)
