"""Where things lie: points that look strewn by hand and are the same on every run."""

from math import cos, pi, radians, sin, sqrt
from random import Random

from menuvo_platform.demo.pictures.drawing import Point

# The angle of sunflower seeds: points never line up, however many there are.
GOLDEN_ANGLE = pi * (3 - sqrt(5))


def scatter(at: Point, radii: Point, *, count: int, seed: int = 1) -> list[Point]:
    """Points spread evenly over an ellipse, each nudged a little."""
    chance = Random(seed)
    spacing = 0.5 / sqrt(count)
    points: list[Point] = []
    for index in range(count):
        reach = sqrt((index + 0.5) / count)
        angle = index * GOLDEN_ANGLE + seed
        x = reach * cos(angle) + chance.uniform(-spacing, spacing)
        y = reach * sin(angle) + chance.uniform(-spacing, spacing)
        points.append((at[0] + radii[0] * x, at[1] + radii[1] * y))
    return points


def ring(at: Point, radii: Point, *, count: int, start: float = 0) -> list[Point]:
    """Points at equal angles on an ellipse, the first at `start` degrees."""
    return [polar(at, radii, degrees=start + 360 * index / count) for index in range(count)]


def polar(at: Point, radii: Point, *, degrees: float) -> Point:
    angle = radians(degrees)
    return at[0] + radii[0] * cos(angle), at[1] + radii[1] * sin(angle)


def wobbly(at: Point, radii: Point, *, seed: int, wobble: float, corners: int = 12) -> list[Point]:
    """The corners of an ellipse that no machine has cut; `wobble` is a share of the radius."""
    chance = Random(seed)
    outline: list[Point] = []
    for index in range(corners):
        reach = 1 + chance.uniform(-wobble, wobble)
        size = (radii[0] * reach, radii[1] * reach)
        outline.append(polar(at, size, degrees=360 * index / corners))
    return outline


def turns(count: int, *, seed: int, spread: float = 180) -> list[float]:
    """Angles in degrees between minus and plus `spread`."""
    chance = Random(seed)
    return [chance.uniform(-spread, spread) for _ in range(count)]


def strewn(
    at: Point, radii: Point, *, count: int, seed: int = 1, spread: float = 180
) -> list[tuple[Point, float]]:
    """Places for stamps: scattered points, each with its own turn."""
    points = scatter(at, radii, count=count, seed=seed)
    return list(zip(points, turns(count, seed=seed, spread=spread), strict=True))
