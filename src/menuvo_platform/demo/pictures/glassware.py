"""Glasses from the front, each given by the half-widths of its bowl at a few heights."""

from typing import NamedTuple

from menuvo_platform.demo.pictures.arrangement import scatter
from menuvo_platform.demo.pictures.drawing import (
    Point,
    box,
    canvas,
    circle,
    dots,
    ellipse,
    group,
    path,
    polygon,
)
from menuvo_platform.demo.pictures.palette import INK, WHITE, Tone

AXIS = 600
TABLE_TOP = 790
WALL = 12


class Glass(NamedTuple):
    """`profile` runs from the rim down: a height and the half-width there."""

    profile: tuple[Point, ...]
    foot: float = 0
    """The half-width of the foot, when the glass has a stem."""

    @property
    def rim(self) -> Point:
        return self.profile[0]

    @property
    def bottom(self) -> float:
        return self.profile[-1][0]

    def half_width(self, y: float) -> float:
        """A smooth curve through the profile: cubic pieces that share their slope at each point."""
        knots = self.profile
        low = next((n for n, (height, _) in enumerate(knots) if y <= height), len(knots) - 1)
        if low == 0 or y > self.bottom:
            return knots[low][1]
        (top, wide), (end, narrow) = knots[low - 1], knots[low]
        span = end - top
        t = (y - top) / span
        return (
            (2 * t**3 - 3 * t**2 + 1) * wide
            + (t**3 - 2 * t**2 + t) * span * self._slope(low - 1)
            + (3 * t**2 - 2 * t**3) * narrow
            + (t**3 - t**2) * span * self._slope(low)
        )

    def _slope(self, knot: int) -> float:
        before = self.profile[max(knot - 1, 0)]
        after = self.profile[min(knot + 1, len(self.profile) - 1)]
        return (after[1] - before[1]) / (after[0] - before[0])

    def section(self, top: float, bottom: float, *, inset: float = 0) -> list[Point]:
        """The outline of the inside between two heights."""
        steps = 18
        heights = [top + (bottom - top) * step / steps for step in range(steps + 1)]
        right = [(AXIS + max(self.half_width(y) - inset, 0), y) for y in heights]
        left = [(2 * AXIS - x, y) for x, y in reversed(right)]
        return [*right, *left]

    def filled(self, top: float, liquid: Tone, *, bottom: float | None = None) -> str:
        """A drink up to the height `top`, darker on its right."""
        low = self.bottom - WALL if bottom is None else bottom
        body = self.section(top, low, inset=WALL)
        shaded = [(x, y) for x, y in body if x > AXIS]
        inner = [(AXIS + (x - AXIS) * 0.72, y) for x, y in reversed(shaded)]
        return (
            polygon(body, fill=liquid.base)
            + polygon([*shaded, *inner], fill=liquid.shade, opacity=0.55)
            + path(
                f"M{self._left(top)} {top:.0f}H{2 * AXIS - self._left(top)}",
                stroke=liquid.light,
                width=9,
            )
        )

    def _left(self, y: float) -> int:
        return round(AXIS - self.half_width(y) + WALL + 5)

    def gleam(self, top: float, bottom: float) -> str:
        """The light along the left wall."""
        heights = [top + (bottom - top) * step / 6 for step in range(7)]
        points = [(AXIS - self.half_width(y) * 0.72, y) for y in heights]
        line = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
        return path(line, stroke=WHITE, width=16, opacity=0.55)

    def bubbles(self, top: float, bottom: float, *, count: int = 26, size: float = 11) -> str:
        middle = (AXIS, (top + bottom) / 2)
        reach = (self.half_width(middle[1]) * 0.62, (bottom - top) / 2 * 0.92)
        points = scatter(middle, reach, count=count, seed=5)
        return dots(points, size, colour=WHITE, opacity=0.6)


PILS = Glass(((190, 128), (420, 120), (560, 84), (640, 26)), foot=110)
SMALL_PILS = Glass(((310, 100), (480, 94), (600, 66), (660, 24)), foot=92)
TUMBLER = Glass(((240, 150), (720, 118)))
LONG_DRINK = Glass(((180, 130), (740, 112)))
MUG = Glass(((210, 168), (740, 160)))
WILLY = Glass(((170, 118), (330, 142), (540, 126), (740, 98)))
WHEAT = Glass(((110, 132), (280, 146), (450, 116), (600, 86), (700, 88), (752, 108)))
RED_WINE = Glass(((170, 122), (260, 160), (350, 178), (440, 150), (505, 88), (545, 12)), foot=120)
WHITE_WINE = Glass(((180, 106), (260, 130), (340, 138), (420, 118), (490, 68), (540, 12)), foot=112)
FLUTE = Glass(((150, 72), (290, 84), (420, 74), (530, 40), (590, 10)), foot=100)
SPIRIT = Glass(((300, 62), (370, 50), (440, 70), (505, 88), (560, 58), (590, 12)), foot=84)
BALLOON = Glass(((190, 146), (280, 182), (370, 194), (460, 166), (535, 96), (575, 14)), foot=120)


def served(
    glass: Glass, *inside: str, ground: str, table: str, behind: str = "", scale: float = 1
) -> str:
    """A whole picture: the glass on a table, with what is in it."""
    y, wide = glass.rim
    floor = 770 if glass.foot else glass.bottom + 14
    scene = (
        ellipse((AXIS + 26, floor + 4), ((glass.foot or wide) + 46, 24), fill=INK, opacity=0.16),
        behind,
        _stem(glass, floor) if glass.foot else _base(glass),
        polygon(glass.section(y, glass.bottom), fill=WHITE, opacity=0.42),
        *inside,
        glass.gleam(y + 40, glass.bottom - (glass.bottom - y) * 0.22),
        path(f"M{AXIS - wide:.0f} {y}H{AXIS + wide:.0f}", stroke=WHITE, width=8, opacity=0.85),
    )
    return canvas(
        box((600, 800), (1200, 240), fill=table),
        group(*scene, at=(AXIS * (1 - scale), TABLE_TOP * (1 - scale)), scale=scale),
        background=ground,
    )


def _stem(glass: Glass, floor: float) -> str:
    middle = (AXIS, (glass.bottom + floor) / 2)
    return (
        box(middle, (20, floor - glass.bottom + 20), corner=8, fill=WHITE, opacity=0.6)
        + ellipse((AXIS, floor), (glass.foot, 17), fill=WHITE, opacity=0.8)
        + ellipse((AXIS, floor - 5), (glass.foot * 0.92, 12), fill=WHITE, opacity=0.6)
    )


def _base(glass: Glass) -> str:
    width = glass.profile[-1][1] * 2
    return box((AXIS, glass.bottom + 3), (width, 22), corner=11, fill=WHITE, opacity=0.75)


def ice_cubes(*places: Point) -> str:
    return "".join(
        box(at, (74, 70), corner=14, fill=WHITE, opacity=0.42)
        + box((at[0] - 4, at[1] - 4), (54, 50), corner=10, stroke=WHITE, width=5, opacity=0.7)
        for at in places
    )


def foam(glass: Glass, *, top: float, bottom: float, lift: float = 60) -> str:
    """A head of beer that stands above the rim."""
    half = glass.half_width(max(top, glass.rim[0])) - 4
    crown = [
        (AXIS - half + half * 2 * n / 5, top - lift * (0.55, 0.9, 1.0, 0.85, 0.95, 0.55)[n])
        for n in range(6)
    ]
    puffs = "".join(circle(at, half * 0.27, fill="#fff8e6") for at in crown)
    body = polygon(glass.section(top - 16, bottom, inset=WALL - 4), fill="#fff8e6")
    holes = scatter(
        (AXIS, (top + bottom) / 2 - 10), (half * 0.75, (bottom - top) / 2), count=12, seed=3
    )
    back = box(
        (AXIS, top - lift * 0.3), (half * 2.05, lift * 1.1), corner=lift * 0.5, fill="#fff8e6"
    )
    return back + body + puffs + dots(holes, 14, colour="#eadfc0")
