"""Breaded and fried."""

from menuvo_platform.demo.pictures.crockery import plated, ramekin
from menuvo_platform.demo.pictures.drawing import Point, box, group, path
from menuvo_platform.demo.pictures.herbs import parsley
from menuvo_platform.demo.pictures.palette import (
    CHEESE,
    CLAY,
    CRANBERRY,
    CRUMB,
    HAM,
    INK,
    MUSHROOM_CREAM,
    TOMATO_RED,
)
from menuvo_platform.demo.pictures.shapes import crumbs, mound, pool
from menuvo_platform.demo.pictures.sides import fries, mushrooms, potato_salad, spaetzle
from menuvo_platform.demo.pictures.slices import citrus, lemon_wedge


def cutlet(at: Point, radii: Point, *, seed: int = 4) -> str:
    """Breaded and fried."""
    return mound(at, radii, tone=CRUMB, seed=seed, wobble=0.1, corners=13, shine=0.28) + crumbs(
        at, (radii[0] * 0.84, radii[1] * 0.82), tone=CRUMB, count=80, seed=seed
    )


def schnitzel() -> str:
    return plated(
        potato_salad((770, 330), (140, 110)),
        ramekin(CRANBERRY, at=(425, 275), radius=80),
        cutlet((560, 510), (275, 185)),
        citrus((520, 480), 74, turn=10),
        parsley((640, 560), size=74, turn=20),
        background=CLAY,
    )


def small_schnitzel() -> str:
    """The children's portion, with chips and ketchup."""
    return plated(
        fries((690, 370), (165, 105), count=18),
        cutlet((520, 530), (185, 140), seed=9),
        ramekin(TOMATO_RED, at=(745, 595), radius=84),
        lemon_wedge((470, 520), size=56, turn=-20),
        background=CLAY,
    )


def jaegerschnitzel() -> str:
    return plated(
        spaetzle((725, 345), (165, 125), count=58),
        cutlet((530, 510), (245, 170), seed=6),
        pool((520, 510), (175, 115), tone=MUSHROOM_CREAM, seed=3, wobble=0.16),
        mushrooms((520, 505), (125, 75), count=8),
        parsley((690, 600), size=70, turn=30),
        background=CLAY,
    )


def cordon_bleu() -> str:
    """Cut open, so that ham and cheese show."""
    halves = "".join(
        group(
            path("M-175 0C-175 -150 175 -150 175 0z", fill=INK, opacity=0.15),
            path("M-175 -8C-175 -160 175 -160 175 -8z", fill=CRUMB.base),
            crumbs((0, -70), (120, 38), tone=CRUMB, count=34),
            box((0, 18), (352, 76), corner=34, fill=CRUMB.shade),
            box((0, 16), (334, 58), corner=27, fill="#f6e6cd"),
            box((0, 16), (300, 30), corner=15, fill=HAM.base),
            box((0, 18), (284, 14), corner=7, fill=CHEESE.base),
            melt,
            at=at,
            turn=turn,
        )
        for at, turn, melt in (
            ((600, 470), -16, ""),
            (
                (540, 600),
                -8,
                path(
                    "M-60 18q10 50 34 52q22 0 30 -26q16 34 40 16q14 -12 16 -42z", fill=CHEESE.base
                ),
            ),
        )
    )
    return plated(
        fries((740, 335), (140, 95), count=17),
        halves,
        lemon_wedge((420, 375), size=62, turn=-25),
        parsley((790, 560), size=70),
        background=CLAY,
    )
