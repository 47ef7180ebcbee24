"""Which language a person reads when the address does not say it."""

from collections.abc import Sequence
from typing import cast

from litestar import Request
from litestar.datastructures import State

_REMEMBERED = "menuvo_language"


def preferred_language(accept_language: str, offered: Sequence[str]) -> str:
    """The best of the offered languages (first: the fallback) for an Accept-Language header."""
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.split(",")[:20]):
        tag, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        wishes.append((-quality, position, tag.strip().lower().partition("-")[0]))
    for negative_quality, _, language in sorted(wishes):
        if language in offered and negative_quality < 0:
            return language
    return offered[0]


def remember_language(request: Request[object, object, State], language: str) -> None:
    """Somebody is signed in: what happens from here on is told in the language they chose."""
    cast("dict[str, object]", request.scope["state"])[_REMEMBERED] = language


def remembered_language(request: Request[object, object, State]) -> str | None:
    return cast("str | None", request.scope["state"].get(_REMEMBERED))
