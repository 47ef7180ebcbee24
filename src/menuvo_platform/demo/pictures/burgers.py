"""From the side, for a burger has its face there."""

from menuvo_platform.demo.pictures.crockery import board
from menuvo_platform.demo.pictures.drawing import box, canvas, ellipse, group, path
from menuvo_platform.demo.pictures.palette import (
    CHEESE,
    CLAY,
    CLAY_TABLE,
    CRUMB,
    CRUST,
    INK,
    LETTUCE,
    STEAK,
    TOMATO_RED,
    Tone,
)
from menuvo_platform.demo.pictures.sides import frill


def _burger(patty: Tone, sauce: Tone) -> str:
    """From the side, for a burger has its face there."""
    ground = box((600, 800), (1200, 240), fill=CLAY_TABLE)
    bun_top = (
        "M350 400C350 230 470 170 600 170S850 230 850 400C850 425 840 430 820 430H380"
        "C360 430 350 425 350 400z"
    )
    shine = "M420 330C440 260 510 225 580 220"
    drip = "M360 520H840L800 545L745 600L690 545H560L505 580L455 540H400z"
    seeds = ((470, 270), (560, 225), (650, 240), (735, 285), (610, 310), (510, 340), (700, 355))
    curls = "".join(
        frill((x, 470 + n % 2 * 6), 56, tone=LETTUCE, seed=n)
        for n, x in enumerate(range(390, 830, 70))
    )
    return canvas(
        ground,
        ellipse((610, 742), (330, 30), fill=INK, opacity=0.15),
        board((600, 790), (900, 90)),
        path(
            "M355 650H845V690C845 730 820 745 790 745H410C380 745 355 730 355 690z",
            fill=CRUST.shade,
        ),
        path(
            "M355 645H845V680C845 715 820 730 790 730H410C380 730 355 715 355 680z", fill=CRUMB.base
        ),
        box((600, 600), (520, 104), corner=50, fill=patty.shade),
        box((600, 592), (512, 84), corner=42, fill=patty.base),
        path("M380 575H760", stroke=patty.light, width=12, opacity=0.6),
        path(drip, fill=sauce.base, stroke=sauce.shade, width=4),
        box((600, 508), (470, 34), corner=14, fill=TOMATO_RED.shade),
        box((600, 502), (464, 24), corner=12, fill=TOMATO_RED.base),
        curls,
        path(bun_top, fill=CRUST.shade),
        path(
            "M356 392C358 236 474 176 600 176S842 236 844 392C844 410 836 414 818 414H382"
            "C364 414 356 410 356 392z",
            fill=CRUMB.base,
        ),
        path(shine, stroke=CRUMB.light, width=20, opacity=0.8),
        *(
            group(
                ellipse((0, 0), (15, 9), fill="#fbeccb", stroke=CRUST.base, width=3),
                at=at,
                turn=n * 37,
            )
            for n, at in enumerate(seeds)
        ),
        background=CLAY,
    )


def beef_burger() -> str:
    return _burger(STEAK, CHEESE)


def vegan_burger() -> str:
    return _burger(Tone("#a5673a", "#774420", "#c98f5d"), Tone("#e9c0cf", "#c98da4", "#f7dfe8"))
