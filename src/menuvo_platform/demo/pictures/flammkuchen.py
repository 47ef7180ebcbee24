"""Thin Alsatian tarts on their board."""

from menuvo_platform.demo.pictures.arrangement import scatter, strewn
from menuvo_platform.demo.pictures.crockery import board
from menuvo_platform.demo.pictures.drawing import Point, canvas, circle, ellipse, path, stamps
from menuvo_platform.demo.pictures.herbs import chives, leaf
from menuvo_platform.demo.pictures.palette import (
    BACON,
    CREAM,
    DEEP_LEAF,
    DOUGH,
    LEAF,
    LINEN,
    SALMON,
    TOMATO_RED,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import mound, pebble, pool, slab
from menuvo_platform.demo.pictures.sides import mushrooms
from menuvo_platform.demo.pictures.slices import onion_rings

MIDDLE: Point = (590, 450)
CHARRED = Tone("#e6bf7f", "#9c672f", "#f6dfb1")


def _tart(*topping: str, sauce: Tone = CREAM) -> str:
    spots = scatter(MIDDLE, (350, 245), count=40, seed=3)
    rim = [p for p in spots if ((p[0] - 590) / 350) ** 2 + ((p[1] - 450) / 245) ** 2 > 0.78]
    return canvas(
        board((600, 455), (930, 650)),
        mound(MIDDLE, (385, 275), tone=CHARRED, seed=5, wobble=0.035, corners=18, shine=0),
        *(ellipse(p, (26, 14), fill="#8a5526", opacity=0.6) for p in rim),
        pool(MIDDLE, (335, 230), tone=sauce, seed=5, wobble=0.04),
        *(
            ellipse(p, (40, 25), fill=DOUGH.base, opacity=0.7)
            for p in scatter(MIDDLE, (290, 190), count=9, seed=7)
        ),
        *topping,
        background=LINEN,
    )


def flammkuchen() -> str:
    return _tart(
        stamps(onion_rings((0, 0), size=72, count=1), strewn(MIDDLE, (270, 180), count=15, seed=6)),
        stamps(slab((0, 0), (66, 26), tone=BACON, corner=6), strewn(MIDDLE, (285, 190), count=28)),
        chives(MIDDLE, (280, 190), count=30),
    )


def flammkuchen_vegetables() -> str:
    """Leek, mushrooms and cherry tomatoes."""
    leek = (
        circle((0, 0), 33, fill=LEAF.shade)
        + circle((0, 0), 27, fill="#cfe0a0")
        + circle((0, 0), 16, stroke=LEAF.base, width=4)
    )
    return _tart(
        stamps(leek, strewn(MIDDLE, (290, 195), count=19, seed=4)),
        mushrooms(MIDDLE, (265, 175), count=12, size=38),
        stamps(
            pebble((0, 0), (28, 27), tone=TOMATO_RED),
            strewn(MIDDLE, (285, 190), count=12, seed=9, spread=15),
        ),
    )


def flammkuchen_goat_cheese() -> str:
    """Goat's cheese, honey and thyme."""
    cheese = mound((0, 0), (54, 48), tone=CREAM._replace(shade="#dcc48e"), wobble=0.1)
    honey = "M330 400q60 -70 120 -10t130 -20t130 10t120 -20M360 540q80 60 150 0t150 20t150 -40"
    return _tart(
        stamps(cheese, strewn(MIDDLE, (270, 180), count=14, seed=2, spread=40)),
        path(honey, stroke="#e2a02f", width=12, opacity=0.9),
        stamps(leaf((0, 0), 42, tone=DEEP_LEAF), strewn(MIDDLE, (290, 200), count=28, seed=5)),
    )


def flammkuchen_salmon() -> str:
    fold = mound((0, 0), (82, 42), tone=SALMON, wobble=0.14) + path(
        "M-50 4Q0 -22 52 4M-40 18Q0 0 44 18", stroke="#fbd3bd", width=6
    )
    dill = leaf((0, 0), 50, breadth=0.28, tone=DEEP_LEAF)
    return _tart(
        stamps(fold, strewn(MIDDLE, (260, 170), count=13, seed=3)),
        stamps(dill, strewn(MIDDLE, (285, 195), count=28, seed=8)),
    )
