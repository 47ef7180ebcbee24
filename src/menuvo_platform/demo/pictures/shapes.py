"""Soft bodies with a lit and a shaded side, from which the food is put together."""

from collections.abc import Sequence
from typing import Unpack

from menuvo_platform.demo.pictures.arrangement import scatter, wobbly
from menuvo_platform.demo.pictures.drawing import (
    Paint,
    Point,
    box,
    closed_curve,
    dots,
    ellipse,
    group,
    lines,
    path,
)
from menuvo_platform.demo.pictures.palette import INK, Tone


def blob(
    at: Point,
    radii: Point,
    *,
    seed: int = 1,
    wobble: float = 0.08,
    corners: int = 12,
    **paint: Unpack[Paint],
) -> str:
    points = wobbly(at, radii, seed=seed, wobble=wobble, corners=corners)
    return path(closed_curve(points), **paint)


def shifted(at: Point, radii: Point, *, share: float) -> Point:
    """A point nearer to the light by a share of the body's size."""
    return at[0] - radii[0] * share, at[1] - radii[1] * share


def shrunk(radii: Point, factor: float) -> Point:
    return radii[0] * factor, radii[1] * factor


def mound(
    at: Point,
    radii: Point,
    *,
    tone: Tone,
    seed: int = 1,
    wobble: float = 0.06,
    corners: int = 12,
    shine: float = 0.55,
) -> str:
    """A body with its shadow, its edge and the light on its upper left."""

    def layer(middle: Point, size: Point, *, fill: str, opacity: float = 1) -> str:
        return blob(
            middle,
            size,
            seed=seed,
            wobble=wobble,
            corners=corners,
            fill=fill,
            opacity=opacity,
        )

    lit = shifted(at, radii, share=0.24)
    return (
        layer((at[0] + 8, at[1] + 13), radii, fill=INK, opacity=0.16)
        + layer(at, radii, fill=tone.shade)
        + layer(shifted(at, radii, share=0.035), shrunk(radii, 0.94), fill=tone.base)
        + blob(
            lit,
            shrunk(radii, 0.52),
            seed=seed + 1,
            wobble=wobble,
            corners=7,
            fill=tone.light,
            opacity=shine,
        )
    )


def pebble(at: Point, radii: Point, *, tone: Tone, turn: float = 0) -> str:
    """A small body, too small for an outline of its own."""
    rx, ry = radii
    return group(
        ellipse((4, 7), radii, fill=INK, opacity=0.16),
        ellipse((0, 0), radii, fill=tone.shade),
        ellipse((-rx * 0.05, -ry * 0.06), (rx * 0.9, ry * 0.88), fill=tone.base),
        ellipse((-rx * 0.28, -ry * 0.3), (rx * 0.36, ry * 0.3), fill=tone.light),
        at=at,
        turn=turn,
    )


def pool(at: Point, radii: Point, *, tone: Tone, seed: int = 1, wobble: float = 0.1) -> str:
    """A sauce: flat, with a thin darker edge and one glint."""
    glint = shifted(at, radii, share=0.42)
    return (
        blob(at, radii, seed=seed, wobble=wobble, fill=tone.shade)
        + blob(at, shrunk(radii, 0.965), seed=seed, wobble=wobble, fill=tone.base)
        + blob(glint, shrunk(radii, 0.2), seed=seed + 2, fill=tone.light, opacity=0.55)
    )


def slab(at: Point, size: Point, *, tone: Tone, turn: float = 0, corner: float = 10) -> str:
    """A cut piece: a bar with a darker lower edge and a lit line along its top."""
    width, height = size
    ridge = (width * 0.72, height * 0.16)
    return group(
        box((5, 8), size, corner=corner, fill=INK, opacity=0.16),
        box((0, 0), size, corner=corner, fill=tone.shade),
        box((0, -height * 0.06), (width, height * 0.88), corner=corner, fill=tone.base),
        box((0, -height * 0.28), ridge, corner=height * 0.08, fill=tone.light, opacity=0.7),
        at=at,
        turn=turn,
    )


def crumbs(at: Point, radii: Point, *, tone: Tone, count: int = 60, seed: int = 1) -> str:
    """The grain of a crust: dark specks below, light ones beside them."""
    dark = scatter(at, radii, count=count, seed=seed)
    light = [(x - 6, y - 7) for x, y in dark[::2]]
    return dots(dark, 9, colour=tone.shade, opacity=0.6) + dots(light, 8, colour=tone.light)


def strands(outlines: Sequence[str], width: float, *, tone: Tone, layers: int = 3) -> str:
    """Noodles and the like: edged lines in layers, so that they lie over each other."""
    marks: list[str] = []
    for layer in range(layers):
        part = outlines[layer::layers]
        marks.append(lines(part, width + 5, colour=tone.shade))
        marks.append(lines(part, width, colour=tone.base))
        marks.append(lines(part, width * 0.3, colour=tone.light, opacity=0.7))
    return "".join(marks)
