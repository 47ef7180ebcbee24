"""What the knife made: citrus, tomatoes, cucumber, eggs."""

from menuvo_platform.demo.pictures.arrangement import polar, ring, scatter
from menuvo_platform.demo.pictures.drawing import (
    Point,
    circle,
    coordinates,
    dots,
    ellipse,
    group,
    path,
)
from menuvo_platform.demo.pictures.palette import (
    CUCUMBER,
    INK,
    LEMON,
    ONION,
    TOMATO_RED,
    WALNUT,
    WHITE,
    YOLK,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import pebble


def citrus(at: Point, radius: float, *, tone: Tone = LEMON, turn: float = 0) -> str:
    """A round slice with its eight segments."""
    wedges = "".join(
        path(
            f"M{coordinates(polar((0, 0), (radius * 0.12, radius * 0.12), degrees=a + 22))}"
            f"L{coordinates(polar((0, 0), (radius * 0.76, radius * 0.76), degrees=a + 4))}"
            f"Q{coordinates(polar((0, 0), (radius * 0.86, radius * 0.86), degrees=a + 22))} "
            f"{coordinates(polar((0, 0), (radius * 0.76, radius * 0.76), degrees=a + 41))}z",
            fill=tone.base,
        )
        for a in range(0, 360, 45)
    )
    return group(
        circle((5, 8), radius, fill=INK, opacity=0.16),
        circle((0, 0), radius, fill=tone.shade),
        circle((-1, -2), radius * 0.96, fill=tone.base),
        circle((0, 0), radius * 0.86, fill="#fff8dc"),
        wedges,
        at=at,
        turn=turn,
    )


def lemon_wedge(at: Point, *, size: float = 90, turn: float = 0) -> str:
    """A quarter of a lemon lying on its side."""
    rind = f"M{-size:.0f} 0A{size:.0f} {size:.0f} 0 0 1 {size:.0f} 0z"
    pulp = f"M{-size * 0.8:.0f} 0A{size * 0.8:.0f} {size * 0.8:.0f} 0 0 1 {size * 0.8:.0f} 0z"
    ribs = "".join(
        f"M0 0L{coordinates(polar((0, 0), (size * 0.74, size * 0.74), degrees=a))}"
        for a in (-144, -108, -72, -36)
    )
    return group(
        group(path(rind, fill=INK, opacity=0.16), at=(6, 10)),
        path(rind, fill=LEMON.shade),
        path(
            f"M{-size * 0.92:.0f} 0A{size * 0.92:.0f} {size * 0.92:.0f} 0 0 1 {size * 0.92:.0f} 0z",
            fill="#fff8dc",
        ),
        path(pulp, fill=LEMON.base),
        path(ribs, stroke="#fff8dc", width=size * 0.06),
        path(f"M{-size:.0f} 0H{size:.0f}", stroke=LEMON.light, width=size * 0.07),
        at=at,
        turn=turn,
    )


def tomato_half(at: Point, radius: float = 48) -> str:
    """A cherry tomato, cut."""
    seeds = ring(at, (radius * 0.45, radius * 0.45), count=6)
    return (
        pebble(at, (radius, radius), tone=TOMATO_RED)
        + circle(at, radius * 0.74, fill=TOMATO_RED.light)
        + path(
            "".join(f"M{coordinates(at)}L{coordinates(point)}" for point in seeds[::2]),
            stroke=TOMATO_RED.base,
            width=radius * 0.2,
        )
        + dots(seeds[1::2], radius * 0.2, colour="#fbe3a8")
    )


def cucumber_slice(at: Point, radius: float = 52) -> str:
    return (
        circle((at[0] + 5, at[1] + 8), radius, fill=INK, opacity=0.14)
        + circle(at, radius, fill=CUCUMBER.shade)
        + circle(at, radius * 0.88, fill=CUCUMBER.base)
        + circle(at, radius * 0.55, fill=CUCUMBER.light)
        + dots(ring(at, (radius * 0.36, radius * 0.36), count=8), radius * 0.14, colour="#b9cf86")
    )


def radish_slice(at: Point, radius: float = 40) -> str:
    return (
        circle((at[0] + 4, at[1] + 6), radius, fill=INK, opacity=0.14)
        + circle(at, radius, fill="#c93a62")
        + circle(at, radius * 0.86, fill="#fff4f3")
        + circle(at, radius * 0.4, stroke="#f3d9da", width=radius * 0.1)
    )


def onion_rings(at: Point, *, size: float = 60, count: int = 3, seed: int = 1) -> str:
    points = scatter(at, (size, size * 0.7), count=count, seed=seed)
    return "".join(
        ellipse(point, (size * 0.55, size * 0.42), stroke=ONION.shade, width=size * 0.13)
        + ellipse(point, (size * 0.55, size * 0.42), stroke=ONION.light, width=size * 0.06)
        for point in points
    )


def egg_half(at: Point, *, size: float = 62, turn: float = 0) -> str:
    return group(
        ellipse((5, 9), (size * 1.15, size * 0.88), fill=INK, opacity=0.15),
        ellipse((0, 0), (size * 1.15, size * 0.88), fill="#e9e2d2"),
        ellipse((-2, -3), (size * 1.1, size * 0.83), fill=WHITE),
        circle((6, 0), size * 0.5, fill=YOLK.shade),
        circle((5, -1), size * 0.46, fill=YOLK.base),
        circle((-4, -10), size * 0.16, fill=YOLK.light),
        at=at,
        turn=turn,
    )


def walnut() -> str:
    """Half a kernel around the origin."""
    folds = "M-22 0Q0 -10 22 0M-12 -12Q-4 0 -12 12M10 -13Q4 0 12 12"
    return pebble((0, 0), (30, 23), tone=WALNUT) + path(folds, stroke=WALNUT.shade, width=4)
