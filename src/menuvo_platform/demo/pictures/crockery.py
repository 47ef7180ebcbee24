"""What the food lies on, seen from above. The house's plates wear a thin green line."""

from menuvo_platform.demo.pictures.arrangement import polar
from menuvo_platform.demo.pictures.drawing import (
    CENTRE,
    Point,
    box,
    canvas,
    circle,
    ellipse,
    group,
    open_curve,
    path,
)
from menuvo_platform.demo.pictures.palette import (
    BEECH,
    HERB,
    INK,
    IRON,
    PORCELAIN,
    STEEL,
    STONEWARE,
    Tone,
)


def shadow(at: Point, radius: float) -> str:
    return circle((at[0] + 16, at[1] + 26), radius, fill=INK, opacity=0.13)


def plate(at: Point = CENTRE, radius: float = 400) -> str:
    well = radius * 0.78
    return (
        shadow(at, radius)
        + circle(at, radius, fill=PORCELAIN.shade)
        + circle((at[0] - 2, at[1] - 4), radius - 4, fill=PORCELAIN.base)
        + circle(at, radius * 0.94, stroke=HERB, width=4, opacity=0.75)
        + circle((at[0] - 3, at[1] - 4), well + 3, fill=PORCELAIN.shade)
        + circle(at, well, fill="#faf6ec")
    )


def plated(*food: str, background: str) -> str:
    """A whole picture: the house's plate, and the food a little larger than drawn."""
    x, y = CENTRE
    grown = 1.12
    return canvas(
        plate(),
        group(*food, at=(x - x * grown, y - y * grown), scale=grown),
        background=background,
    )


def bowl(contents: Tone, *, at: Point = CENTRE, radius: float = 350) -> str:
    """A deep plate full to the inner line."""
    full = radius * 0.8
    return (
        shadow(at, radius)
        + circle(at, radius, fill=PORCELAIN.shade)
        + circle((at[0] - 2, at[1] - 4), radius - 4, fill=PORCELAIN.base)
        + circle(at, radius * 0.94, stroke=HERB, width=4, opacity=0.75)
        + circle(at, full + 12, fill=PORCELAIN.shade)
        + circle(at, full, fill=contents.shade)
        + circle((at[0] + 4, at[1] + 6), full - 6, fill=contents.base)
    )


def stoneware(at: Point = CENTRE, radius: float = 350) -> str:
    """A dark bowl: greens and grains glow in it."""
    return (
        shadow(at, radius)
        + circle(at, radius, fill=STONEWARE.shade)
        + circle((at[0] - 2, at[1] - 4), radius - 4, fill=STONEWARE.base)
        + circle(at, radius * 0.9, fill=STONEWARE.shade)
        + circle((at[0] + 4, at[1] + 6), radius * 0.88, fill="#334a47")
    )


def ramekin(contents: Tone, *, at: Point, radius: float = 90) -> str:
    """A small bowl for sauces and jam."""
    return (
        circle((at[0] + 8, at[1] + 12), radius, fill=INK, opacity=0.14)
        + circle(at, radius, fill=PORCELAIN.shade)
        + circle((at[0] - 1, at[1] - 2), radius - 3, fill=PORCELAIN.light)
        + circle(at, radius * 0.8, fill=contents.shade)
        + circle((at[0] + 2, at[1] + 3), radius * 0.77, fill=contents.base)
        + path(
            open_curve(
                [polar(at, (radius * 0.55, radius * 0.55), degrees=a) for a in (190, 225, 260)]
            ),
            stroke=contents.light,
            width=radius * 0.08,
            opacity=0.8,
        )
    )


def board(at: Point = CENTRE, size: Point = (800, 560)) -> str:
    """A beech board with its grain."""
    width, height = size
    left, top = -width / 2, -height / 2
    grain = [
        open_curve(
            [
                (left + 30, top + height * y),
                (-width * 0.1, top + height * y + bend),
                (width * 0.25, top + height * y - bend),
                (width / 2 - 30, top + height * y),
            ]
        )
        for y, bend in ((0.16, 8), (0.36, -10), (0.58, 12), (0.82, -6))
    ]
    return group(
        box((14, 24), size, corner=52, fill=INK, opacity=0.15),
        box((0, 6), size, corner=52, fill=BEECH.shade),
        box((0, 0), (width, height - 8), corner=50, fill=BEECH.base),
        path("".join(grain), stroke=BEECH.shade, width=4, opacity=0.4),
        circle((width / 2 - 60, 0), 22, fill=BEECH.shade),
        at=at,
    )


def pan(at: Point = CENTRE, radius: float = 335) -> str:
    """An iron pan, its handle to the lower right."""
    handle = group(
        box((radius + 110, 0), (300, 66), corner=33, fill=IRON.shade),
        box((radius + 105, -5), (290, 50), corner=25, fill=IRON.base),
        ellipse((radius + 215, -4), (20, 11), fill=IRON.shade),
        at=at,
        turn=32,
    )
    return (
        shadow(at, radius)
        + handle
        + circle(at, radius, fill=IRON.shade)
        + circle((at[0] - 3, at[1] - 5), radius - 5, fill=IRON.light)
        + circle(at, radius * 0.93, fill=IRON.shade)
        + circle((at[0] + 3, at[1] + 5), radius * 0.91, fill=IRON.base)
    )


def spoon(at: Point, *, turn: float, scale: float = 1) -> str:
    return group(
        box((6, 98), (14, 190), corner=7, fill=INK, opacity=0.14),
        ellipse((6, -24), (32, 46), fill=INK, opacity=0.14),
        box((0, 90), (13, 190), corner=6.5, fill=STEEL.base),
        ellipse((0, -30), (31, 45), fill=STEEL.shade),
        ellipse((-3, -33), (25, 38), fill=STEEL.light),
        at=at,
        turn=turn,
        scale=scale,
    )
