"""Berries, cream and sugar."""

from menuvo_platform.demo.pictures.arrangement import polar, ring, scatter
from menuvo_platform.demo.pictures.drawing import Point, circle, dots, open_curve, path, stamps
from menuvo_platform.demo.pictures.palette import CREAM, INK, RASPBERRY, WHITE, Tone
from menuvo_platform.demo.pictures.shapes import mound, pebble


def berry(at: Point, radius: float = 28, *, tone: Tone = RASPBERRY) -> str:
    return (
        circle((at[0] + 4, at[1] + 6), radius, fill=INK, opacity=0.16)
        + circle(at, radius, fill=tone.shade)
        + circle((at[0] - 2, at[1] - 3), radius * 0.88, fill=tone.base)
        + circle((at[0] - radius * 0.3, at[1] - radius * 0.35), radius * 0.26, fill=tone.light)
    )


def raspberry(radius: float = 32) -> str:
    """Around the origin, to be stamped."""
    drupes = [(0.0, 0.0), *ring((0, 0), (radius * 0.62, radius * 0.62), count=6)]
    return (
        circle((4, 7), radius, fill=INK, opacity=0.15)
        + dots(drupes, radius * 0.86, colour=RASPBERRY.shade)
        + dots(((x - 2, y - 2) for x, y in drupes), radius * 0.7, colour=RASPBERRY.base)
        + dots(((x - 5, y - 6) for x, y in drupes), radius * 0.24, colour=RASPBERRY.light)
    )


SWIRL = ((0.42, -60), (0.44, 20), (0.38, 110), (0.3, 200), (0.2, 290), (0.06, 20))


def cream_rosette(at: Point, radius: float = 70, *, tone: Tone = CREAM) -> str:
    """Whipped cream from the star nozzle."""
    petals = [(point, 0.0) for point in ring(at, (radius * 0.58, radius * 0.58), count=7)]
    return (
        stamps(pebble((0, 0), (radius * 0.48, radius * 0.46), tone=tone), petals)
        + mound(at, (radius * 0.58, radius * 0.56), tone=tone, wobble=0.03)
        + path(
            open_curve(
                [polar(at, (r * radius, r * radius), degrees=a) for r, a in SWIRL],
            ),
            stroke=tone.shade,
            width=radius * 0.09,
        )
    )


def swirl(at: Point, radius: float, *, colour: str = CREAM.base, width: float = 16) -> str:
    """A thread of cream drawn through a soup, from the middle outwards."""
    points = [
        polar(at, (radius * step / 22, radius * step / 22), degrees=step * 40)
        for step in range(1, 23)
    ]
    return path(open_curve(points), stroke=colour, width=width)


def sugar_dust(at: Point, radii: Point, *, count: int = 70, seed: int = 1) -> str:
    points = scatter(at, radii, count=count, seed=seed)
    return dots(points, 7, colour=WHITE, opacity=0.85) + dots(points[::3], 12, colour=WHITE)
