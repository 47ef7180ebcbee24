"""The few marks every picture is made of, written as SVG.

Lengths are units of the 1200 by 900 canvas; angles are degrees, clockwise, as SVG counts them.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypedDict, Unpack
from zlib import crc32

Point = tuple[float, float]

WIDTH, HEIGHT = 1200, 900
CENTRE: Point = (600, 450)


class Paint(TypedDict, total=False):
    """How a mark is coloured; what is left out is not painted."""

    fill: str
    stroke: str
    width: float
    opacity: float


def canvas(*marks: str, background: str) -> str:
    """A whole picture: the marks, bottom to top, on a plain ground."""
    ground = f'<path fill="{background}" d="M0 0H{WIDTH}V{HEIGHT}H0z"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" stroke-linecap="round" stroke-linejoin="round">'
        f"{ground}{''.join(marks)}</svg>"
    )


def number(value: float) -> str:
    """At most one decimal: a tenth of a unit is finer than any screen shows."""
    short = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def coordinates(point: Point) -> str:
    """Whole units: in a curve of many points nobody sees the difference."""
    return f"{round(point[0])} {round(point[1])}"


def _painted(paint: Paint) -> str:
    parts = [f'fill="{paint.get("fill", "none")}"']
    if "stroke" in paint:
        parts.append(f'stroke="{paint["stroke"]}" stroke-width="{number(paint.get("width", 4))}"')
    opacity = paint.get("opacity", 1)
    if opacity != 1:
        parts.append(f'opacity="{opacity:.2g}"')
    return " ".join(parts)


def circle(at: Point, radius: float, **paint: Unpack[Paint]) -> str:
    x, y = (number(value) for value in at)
    return f'<circle cx="{x}" cy="{y}" r="{number(radius)}" {_painted(paint)}/>'


def ellipse(at: Point, radii: Point, **paint: Unpack[Paint]) -> str:
    x, y = (number(value) for value in at)
    rx, ry = (number(value) for value in radii)
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" {_painted(paint)}/>'


def box(at: Point, size: Point, *, corner: float = 0, **paint: Unpack[Paint]) -> str:
    """A rectangle around the point `at`, with rounded corners."""
    (x, y), (width, height) = at, size
    return (
        f'<rect x="{number(x - width / 2)}" y="{number(y - height / 2)}" width="{number(width)}" '
        f'height="{number(height)}" rx="{number(corner)}" {_painted(paint)}/>'
    )


def path(outline: str, **paint: Unpack[Paint]) -> str:
    return f'<path d="{outline}" {_painted(paint)}/>'


def polygon(corners: Iterable[Point], **paint: Unpack[Paint]) -> str:
    return path("M" + "L".join(coordinates(corner) for corner in corners) + "z", **paint)


def closed_curve(points: Sequence[Point]) -> str:
    """A soft outline pulled towards the points: quadratic arcs that meet half-way between them."""
    middles = [
        ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        for a, b in zip(points, (*points[1:], points[0]), strict=True)
    ]
    arcs = [
        f"Q{coordinates(point)} {coordinates(middle)}"
        for point, middle in zip((*points[1:], points[0]), (*middles[1:], middles[0]), strict=True)
    ]
    return f"M{coordinates(middles[0])}{''.join(arcs)}z"


def open_curve(points: Sequence[Point]) -> str:
    """A soft line from the first point to the last."""
    bends = points[1:-1]
    ends = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(bends)]
    arcs = [
        f"Q{coordinates(bend)} {coordinates(end)}"
        for bend, end in zip(bends, (*ends, points[-1]), strict=True)
    ]
    return f"M{coordinates(points[0])}{''.join(arcs)}"


def dots(points: Iterable[Point], size: float, *, colour: str, opacity: float = 1) -> str:
    """Many round specks as one path: a stroke without length shows its round cap."""
    specks = "".join(f"M{coordinates(point)}h.1" for point in points)
    return path(specks, stroke=colour, width=size, opacity=opacity)


def lines(outlines: Iterable[str], width: float, *, colour: str, opacity: float = 1) -> str:
    """Many lines of one colour as one path."""
    return path("".join(outlines), stroke=colour, width=width, opacity=opacity)


def group(*marks: str, at: Point = (0, 0), turn: float = 0, scale: float = 1) -> str:
    """Marks drawn around the origin, then scaled, turned and moved to `at`."""
    steps = [f"translate({coordinates(at)})"]
    if turn:
        steps.append(f"rotate({number(turn)})")
    if scale != 1:
        steps.append(f"scale({scale:.3g})")
    return f'<g transform="{"".join(steps)}">{"".join(marks)}</g>'


def stamps(mark: str, places: Iterable[tuple[Point, float]]) -> str:
    """One mark, drawn around the origin, at many places, each with its turn in degrees.

    The mark is named by its content, so pictures that share it may stand in one page.
    """
    name = f"m{crc32(mark.encode()):08x}"
    copies = "".join(
        f'<use href="#{name}" transform="translate({coordinates(at)})rotate({round(turn)})"/>'
        for at, turn in places
    )
    return f'<defs><g id="{name}">{mark}</g></defs>{copies}'
