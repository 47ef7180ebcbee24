"""What lies beside the meat: potatoes, noodles, greens, vegetables."""

from math import cos, radians, sin
from random import Random

from menuvo_platform.demo.pictures.arrangement import scatter, strewn
from menuvo_platform.demo.pictures.drawing import (
    Point,
    circle,
    coordinates,
    ellipse,
    group,
    path,
    stamps,
)
from menuvo_platform.demo.pictures.herbs import chives, leaf, specks
from menuvo_platform.demo.pictures.palette import (
    CARROT,
    DEEP_LEAF,
    DUMPLING,
    FRY,
    INK,
    LEAF,
    LETTUCE,
    MUSHROOM,
    NOODLE,
    POTATO,
    ROAST,
    SAUERKRAUT,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import blob, mound, pebble, slab, strands


def fries(at: Point, radii: Point, *, count: int = 18, seed: int = 3) -> str:
    return stamps(
        slab((0, 0), (128, 24), tone=FRY, corner=4),
        strewn(at, radii, count=count, seed=seed, spread=70),
    )


def squiggles(at: Point, radii: Point, *, count: int, seed: int, length: float = 60) -> list[str]:
    """Short bent lines strewn over an ellipse."""
    chance = Random(seed)
    outlines: list[str] = []
    for x, y in scatter(at, radii, count=count, seed=seed):
        turn, bend = radians(chance.uniform(0, 360)), chance.uniform(-0.6, 0.6)
        reach = length * chance.uniform(0.7, 1.2)
        dx, dy = reach * cos(turn), reach * sin(turn)
        outlines.append(
            f"M{coordinates((x - dx / 2, y - dy / 2))}"
            f"q{coordinates((dx / 2 - dy * bend, dy / 2 + dx * bend))} {coordinates((dx, dy))}"
        )
    return outlines


def spaetzle(at: Point, radii: Point, *, count: int = 70, seed: int = 2) -> str:
    heap = (radii[0] * 1.05, radii[1] * 1.05)
    return (
        blob((at[0] + 8, at[1] + 13), heap, seed=seed, fill=INK, opacity=0.14)
        + blob(at, heap, seed=seed, fill=NOODLE.shade)
        + strands(squiggles(at, radii, count=count, seed=seed), 17, tone=NOODLE, layers=4)
    )


def boiled_potatoes(at: Point, *, size: float = 62, seed: int = 4) -> str:
    places = ((-0.85, 0.1), (0.75, -0.35), (0.2, 0.8))
    return "".join(
        mound(
            (at[0] + x * size, at[1] + y * size),
            (size * 0.95, size * 0.72),
            tone=POTATO,
            seed=seed + n,
            wobble=0.07,
        )
        for n, (x, y) in enumerate(places)
    ) + chives(at, (size * 1.2, size), count=12, seed=seed, length=9)


def fried_potatoes(at: Point, radii: Point, *, count: int = 16, seed: int = 5) -> str:
    """Braegele: slices with brown edges."""
    coin = (
        ellipse((5, 8), (46, 38), fill=INK, opacity=0.16)
        + ellipse((0, 0), (46, 38), fill="#b8742b")
        + ellipse((-1, -2), (41, 33), fill=POTATO.shade)
        + ellipse((-3, -4), (34, 27), fill=POTATO.base)
    )
    return stamps(coin, strewn(at, radii, count=count, seed=seed))


def potato_salad(at: Point, radii: Point, *, seed: int = 6) -> str:
    points = scatter(at, (radii[0] * 0.7, radii[1] * 0.7), count=11, seed=seed)
    slices = "".join(
        pebble(point, (46, 37), tone=POTATO, turn=n * 50) for n, point in enumerate(points)
    )
    return (
        mound(at, radii, tone=DUMPLING, seed=seed, shine=0.2)
        + slices
        + chives(at, radii, count=18, seed=seed, length=12)
    )


def dumpling(at: Point, radius: float = 92, *, seed: int = 7) -> str:
    return mound(at, (radius, radius * 0.97), tone=DUMPLING, seed=seed, wobble=0.025) + specks(
        at, (radius * 0.7, radius * 0.7), tone=DEEP_LEAF, count=14, size=8, seed=seed
    )


def heap(
    at: Point, radii: Point, *, tone: Tone, count: int = 46, seed: int = 8, length: float = 74
) -> str:
    """Shredded cabbage of any colour."""
    return (
        blob((at[0] + 8, at[1] + 13), radii, seed=seed, fill=INK, opacity=0.15)
        + blob(at, radii, seed=seed, fill=tone.shade)
        + strands(
            squiggles(at, (radii[0] * 0.82, radii[1] * 0.8), count=count, seed=seed, length=length),
            8,
            tone=tone,
        )
    )


def sauerkraut(at: Point, radii: Point, *, seed: int = 8) -> str:
    return heap(at, radii, tone=SAUERKRAUT, count=60, seed=seed)


def frill(at: Point, radius: float, *, tone: Tone, seed: int) -> str:
    """A curly lettuce leaf."""
    layers = (
        ((6, 9), 1.0, INK, 0.16),
        ((0, 0), 1.0, tone.shade, 1),
        ((-1, -1), 0.88, tone.base, 1),
        ((-6, -7), 0.5, tone.light, 0.8),
    )
    return "".join(
        blob(
            (at[0] + x, at[1] + y),
            (radius * size, radius * size * 0.9),
            seed=seed,
            wobble=0.2,
            corners=15,
            fill=colour,
            opacity=opacity,
        )
        for (x, y), size, colour, opacity in layers
    )


def lettuce(at: Point, radii: Point, *, count: int = 14, seed: int = 9, size: float = 80) -> str:
    """Curly leaves in three greens, the darkest below."""
    tones = (LETTUCE, LEAF, DEEP_LEAF)
    leaves = [frill((0, 0), size, tone=tone, seed=seed + n) for n, tone in enumerate(tones)]
    places = strewn(at, radii, count=count, seed=seed, spread=50)[::-1]
    return "".join(stamps(curl, places[n::3]) for n, curl in enumerate(reversed(leaves)))


def lambs_lettuce(at: Point, radii: Point, *, count: int = 22, seed: int = 10) -> str:
    """Feldsalat: rosettes of four spoon-shaped leaves."""
    rosettes = [
        "".join(leaf((0, 0), 78, turn=side, tone=tone, breadth=0.78) for side in (0, 80, 170, 260))
        + circle((0, 0), 8, fill=LETTUCE.light)
        for tone in (LEAF, DEEP_LEAF)
    ]
    places = strewn(at, radii, count=count, seed=seed)[::-1]
    return stamps(rosettes[0], places[::2]) + stamps(rosettes[1], places[1::2])


def mushroom_slice(at: Point, *, size: float = 44, turn: float = 0) -> str:
    cap = (
        f"M{-size} 6C{-size} {-size} {size} {-size} {size} 6"
        f"C{size} 20 {size * 0.35} 12 {size * 0.28} 10"
    )
    stem = (
        f"L{size * 0.24} {size * 0.85}H{-size * 0.24}L{-size * 0.28} 10"
        f"C{-size * 0.35} 12 {-size} 20 {-size} 6z"
    )
    return group(
        group(path(cap + stem, fill=INK, opacity=0.15), at=(4, 7)),
        path(cap + stem, fill=MUSHROOM.light, stroke=MUSHROOM.shade, width=6),
        path(f"M{-size * 0.6} 2Q0 {-size * 0.2} {size * 0.6} 2", stroke=MUSHROOM.shade, width=5),
        at=at,
        turn=turn,
    )


def mushrooms(at: Point, radii: Point, *, count: int = 8, seed: int = 11, size: float = 44) -> str:
    return stamps(mushroom_slice((0, 0), size=size), strewn(at, radii, count=count, seed=seed))


def carrot_coins(at: Point, radii: Point, *, count: int = 7, seed: int = 12) -> str:
    places = strewn(at, radii, count=count, seed=seed, spread=20)
    return stamps(pebble((0, 0), (30, 28), tone=CARROT), places)


def green_beans(at: Point, *, length: float = 190, count: int = 6, turn: float = 0) -> str:
    beans = "".join(
        path(
            f"M{-length / 2 + n % 2 * 14:.0f} {n * 20 - count * 10}"
            f"q{length / 2:.0f} {-18 + n * 5} {length:.0f} 0",
            stroke=tone,
            width=width,
        )
        for n in range(count)
        for tone, width in ((DEEP_LEAF.shade, 20), (LEAF.base, 15), (LEAF.light, 4))
    )
    return group(beans, at=at, turn=turn)


def onion_crisps(at: Point, radii: Point, *, count: int = 26, seed: int = 13) -> str:
    """Roestzwiebeln: fried brown curls."""
    curls = squiggles(at, radii, count=count, seed=seed, length=66)
    return strands(curls, 10, tone=ROAST._replace(base="#b4692f", light="#e0a060"), layers=3)
