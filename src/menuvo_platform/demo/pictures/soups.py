from math import cos, radians, sin

from menuvo_platform.demo.pictures.arrangement import polar, scatter, turns
from menuvo_platform.demo.pictures.crockery import bowl
from menuvo_platform.demo.pictures.drawing import CENTRE, canvas, open_curve, path
from menuvo_platform.demo.pictures.herbs import chives, leaf, parsley, specks
from menuvo_platform.demo.pictures.palette import (
    CARROT,
    CREAM,
    DEEP_LEAF,
    DOUGH,
    POTATO,
    PUMPKIN,
    ROAST,
    SAGE,
    TOMATO_RED,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import mound, pebble, strands
from menuvo_platform.demo.pictures.sweets import swirl

BROTH = Tone("#e8bc5d", "#c79636", "#f5d88f")
GOULASH = Tone("#a5401f", "#7d2a12", "#c7633b")


def _glint(radius: float = 240) -> str:
    arc = [polar(CENTRE, (radius, radius), degrees=a) for a in (196, 212, 228, 244)]
    return path(open_curve(arc), stroke="#fff", width=12, opacity=0.35)


def pumpkin_soup() -> str:
    seeds = zip(scatter((560, 470), (80, 70), count=9), turns(9, seed=3), strict=True)
    return canvas(
        bowl(PUMPKIN),
        _glint(),
        swirl((592, 452), 190, width=20),
        *(leaf(point, 46, turn=turn, tone=DEEP_LEAF, breadth=0.6) for point, turn in seeds),
        specks((620, 450), (170, 160), tone=DEEP_LEAF, count=16, size=7),
        background=SAGE,
    )


def tomato_soup() -> str:
    return canvas(
        bowl(TOMATO_RED),
        _glint(),
        mound((600, 460), (92, 80), tone=CREAM, seed=5, wobble=0.12),
        leaf((600, 470), 110, turn=-35, breadth=0.66),
        leaf((600, 470), 100, turn=-150, tone=DEEP_LEAF, breadth=0.66),
        leaf((604, 474), 84, turn=80, breadth=0.66),
        specks(
            (600, 450), (210, 200), tone=Tone("#7c1813", "#7c1813", "#f09a86"), count=26, size=7
        ),
        background=SAGE,
    )


def pancake_soup() -> str:
    """Flaedlesuppe: strips of pancake in a clear broth."""
    strips = [
        open_curve(
            [
                (x - 90 * cos(radians(a)), y - 90 * sin(radians(a))),
                (x + 24 * sin(radians(a)), y - 24 * cos(radians(a))),
                (x - 20 * sin(radians(a)), y + 20 * cos(radians(a))),
                (x + 90 * cos(radians(a)), y + 90 * sin(radians(a))),
            ]
        )
        for (x, y), a in zip(
            scatter((600, 455), (145, 140), count=16, seed=4),
            turns(16, seed=4, spread=80),
            strict=True,
        )
    ]
    return canvas(
        bowl(BROTH),
        _glint(),
        strands(strips, 25, tone=DOUGH._replace(shade="#c58c3f"), layers=4),
        chives((600, 455), (215, 205), count=42, seed=2),
        background=SAGE,
    )


def goulash_soup() -> str:
    beef = scatter((600, 455), (170, 160), count=9, seed=6)
    potatoes = scatter((610, 450), (185, 175), count=8, seed=2)
    return canvas(
        bowl(GOULASH),
        _glint(),
        *(pebble(p, (36, 31), tone=POTATO, turn=n * 40) for n, p in enumerate(potatoes)),
        *(
            mound(p, (50, 42), tone=ROAST, seed=n, wobble=0.12, corners=8)
            for n, p in enumerate(beef)
        ),
        *(pebble(p, (22, 20), tone=CARROT) for p in scatter(CENTRE, (200, 190), count=7, seed=9)),
        parsley((600, 440), size=74),
        background=SAGE,
    )
