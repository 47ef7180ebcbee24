"""In which names two environments differ."""

from menuvo_ops.environment.merging import Source
from menuvo_ops.environment.production import with_defaults
from menuvo_ops.environment.values import Values, text


def differing(before: Source, after: Source) -> list[str]:
    """By their order in the file. One that is not there means its default; names that we do not
    know count too, since the operator's own files may read them."""
    old, new = _whole(before), _whole(after)
    return [name for name in {**old, **new} if text(old, name) != text(new, name)]


def _whole(source: Source) -> Values:
    return {**with_defaults(source.values), **source.unknown}
