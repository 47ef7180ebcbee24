"""Which language a person reads when the address does not say it."""

from collections.abc import Sequence


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
