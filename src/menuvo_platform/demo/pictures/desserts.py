"""Sweet things on plates and in bowls."""

from menuvo_platform.demo.pictures.arrangement import scatter, strewn
from menuvo_platform.demo.pictures.crockery import plated, ramekin
from menuvo_platform.demo.pictures.drawing import CENTRE, box, canvas, circle, ellipse, path, stamps
from menuvo_platform.demo.pictures.herbs import mint
from menuvo_platform.demo.pictures.palette import (
    APPLE,
    CARAMEL,
    CHERRY,
    CRANBERRY,
    CRUMB,
    CRUST,
    HERB,
    INK,
    PLUM,
    PORCELAIN,
    ROSE,
    VANILLA,
)
from menuvo_platform.demo.pictures.shapes import blob, mound, pebble, pool
from menuvo_platform.demo.pictures.sweets import berry, raspberry, sugar_dust


def kaiserschmarrn() -> str:
    torn = mound(
        (0, 0),
        (66, 54),
        tone=CRUMB._replace(base="#edc274", light="#f8e0a8"),
        seed=6,
        wobble=0.2,
        corners=8,
    )
    torn += path("M-44 14Q-10 40 40 20", stroke=CRUST.shade, width=10, opacity=0.6)
    raisin = pebble((0, 0), (13, 9), tone=PLUM)
    return plated(
        stamps(torn, strewn((540, 480), (185, 165), count=20, seed=2)),
        stamps(raisin, strewn((540, 480), (190, 170), count=13, seed=7)),
        ramekin(PLUM, at=(775, 335), radius=112),
        sugar_dust((540, 480), (210, 190), count=110),
        mint((600, 470), size=64, turn=15),
        background=ROSE,
    )


def apple_strudel() -> str:
    """Two pieces with vanilla sauce."""
    piece = (
        box((8, 14), (290, 170), corner=40, fill=INK, opacity=0.15)
        + box((0, 0), (290, 170), corner=40, fill=CRUST.shade)
        + box((-2, -8), (284, 150), corner=36, fill=CRUMB.base)
        + path(
            "M-110 -60q20 60 -6 128M-50 -70q26 66 0 140M14 -72q26 66 0 142",
            stroke=CRUST.base,
            width=9,
        )
        + ellipse((122, -4), (46, 78), fill="#f3ddb0", stroke=CRUST.shade, width=7)
        + path("M106 -46q34 10 8 30t14 30t-10 34", stroke="#d9a24a", width=13)
    )
    filling = pebble((0, 0), (17, 13), tone=APPLE)
    return plated(
        pool((590, 530), (295, 190), tone=VANILLA, seed=5, wobble=0.08),
        stamps(piece, (((520, 405), -10), ((580, 585), -4))),
        stamps(
            filling,
            (
                ((645, 365), 0),
                ((640, 400), 40),
                ((700, 560), 0),
                ((698, 600), 60),
                ((655, 352), 80),
            ),
        ),
        sugar_dust((500, 400), (130, 70), count=60),
        sugar_dust((540, 575), (120, 60), count=50),
        mint((800, 500), size=66, turn=25),
        background=ROSE,
    )


def creme_brulee() -> str:
    cracks = (
        "M430 400L520 450L500 540M520 450L640 430L720 360M640 430L690 540L660 610M690 540L780 520"
    )
    return canvas(
        circle((616, 476), 330, fill=INK, opacity=0.13),
        circle(CENTRE, 330, fill=PORCELAIN.shade),
        circle((597, 445), 325, fill=PORCELAIN.base),
        circle(CENTRE, 306, stroke=HERB, width=4, opacity=0.75),
        circle(CENTRE, 282, fill=PORCELAIN.shade),
        circle(CENTRE, 270, fill=CARAMEL.shade),
        circle((597, 446), 264, fill=CARAMEL.base),
        *(
            blob(at, (66, 46), seed=n, wobble=0.15, fill=CARAMEL.light, opacity=0.55)
            for n, at in enumerate(scatter(CENTRE, (180, 180), count=9, seed=3))
        ),
        *(
            blob(at, (44, 30), seed=n + 9, wobble=0.2, fill="#7e3f14", opacity=0.55)
            for n, at in enumerate(scatter(CENTRE, (200, 200), count=8, seed=6))
        ),
        path(cracks, stroke="#fbe3a6", width=7),
        path("M400 350Q460 250 570 226", stroke="#fff", width=14, opacity=0.55),
        stamps(raspberry(42), (((680, 330), 0), ((735, 390), 40))),
        mint((700, 340), size=72, turn=30),
        background=ROSE,
    )


def red_berry_jelly() -> str:
    """Rote Gruetze with vanilla sauce."""
    return canvas(
        circle((616, 476), 340, fill=INK, opacity=0.13),
        circle(CENTRE, 340, fill=PORCELAIN.shade),
        circle((597, 445), 335, fill=PORCELAIN.base),
        circle(CENTRE, 318, stroke=HERB, width=4, opacity=0.75),
        circle(CENTRE, 278, fill=CRANBERRY.shade),
        circle((604, 456), 270, fill=CRANBERRY.base),
        stamps(
            berry((0, 0), 34, tone=CHERRY), strewn(CENTRE, (220, 220), count=18, seed=4, spread=10)
        ),
        stamps(raspberry(36), strewn(CENTRE, (215, 215), count=12, seed=9)),
        stamps(
            berry((0, 0), 22, tone=PLUM), strewn(CENTRE, (230, 230), count=14, seed=2, spread=10)
        ),
        pool((590, 460), (130, 105), tone=VANILLA, seed=4, wobble=0.18),
        mint((600, 455), size=84),
        background=ROSE,
    )
