"""Green things on top: leaves, sprigs and what is strewn."""

from math import cos, radians, sin

from menuvo_platform.demo.pictures.arrangement import polar, scatter, turns
from menuvo_platform.demo.pictures.drawing import Point, coordinates, dots, group, lines, path
from menuvo_platform.demo.pictures.palette import DEEP_LEAF, LEAF, Tone
from menuvo_platform.demo.pictures.shapes import blob


def leaf(
    at: Point, length: float, *, turn: float = 0, tone: Tone = LEAF, breadth: float = 0.5
) -> str:
    """A pointed leaf from its stalk at `at`; unturned it points right."""
    half = length * breadth / 2
    outline = (
        f"M0 0C{length * 0.3:.0f} {-half * 1.5:.0f} {length * 0.75:.0f} {-half:.0f} {length:.0f} 0"
    )
    lower = f"C{length * 0.75:.0f} {half:.0f} {length * 0.3:.0f} {half * 1.5:.0f} 0 0"
    return group(
        path(outline + lower + "z", fill=tone.base),
        path(outline + "z", fill=tone.light, opacity=0.45),
        path(f"M0 0H{length * 0.85:.0f}", stroke=tone.shade, width=max(2.5, length * 0.035)),
        at=at,
        turn=turn,
    )


def parsley(at: Point, *, size: float = 60, turn: float = 0) -> str:
    """A sprig with three curled heads."""
    heads = [polar((0, 0), (size * 0.55, size * 0.55), degrees=a) for a in (-90, 0, -170)]
    stalk = "".join(f"M0 {size * 0.5:.0f}L{coordinates(head)}" for head in heads)
    curls = "".join(
        blob(head, (size * 0.42, size * 0.4), seed=n, wobble=0.2, corners=11, fill=DEEP_LEAF.base)
        + blob(
            (head[0] - size * 0.08, head[1] - size * 0.1),
            (size * 0.24, size * 0.22),
            seed=n + 3,
            wobble=0.25,
            corners=9,
            fill=DEEP_LEAF.light,
        )
        for n, head in enumerate(heads)
    )
    return group(path(stalk, stroke=DEEP_LEAF.shade, width=size * 0.09), curls, at=at, turn=turn)


def mint(at: Point, *, size: float = 70, turn: float = 0) -> str:
    return group(
        leaf((0, 0), size, turn=-150, breadth=0.62),
        leaf((0, 0), size, turn=-30, breadth=0.62),
        leaf((0, 4), size * 0.9, turn=-90, tone=DEEP_LEAF, breadth=0.66),
        at=at,
        turn=turn,
    )


def chives(at: Point, radii: Point, *, count: int = 24, seed: int = 1, length: float = 20) -> str:
    """Cut chives, strewn."""
    points = scatter(at, radii, count=count, seed=seed)
    bits = [
        f"M{coordinates((x, y))}l{length * cos(radians(a)):.0f} {length * sin(radians(a)):.0f}"
        for (x, y), a in zip(points, turns(count, seed=seed), strict=True)
    ]
    return lines(bits, 8, colour=DEEP_LEAF.base) + lines(bits[::3], 3, colour=LEAF.light)


def specks(at: Point, radii: Point, *, tone: Tone, count: int, size: float, seed: int = 1) -> str:
    """Seeds, pepper or chopped herbs."""
    points = scatter(at, radii, count=count, seed=seed)
    return dots(points, size, colour=tone.shade) + dots(points[::2], size * 0.7, colour=tone.light)
