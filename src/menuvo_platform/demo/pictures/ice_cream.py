"""Ice cream in its glass."""

from menuvo_platform.demo.pictures.drawing import Point, box, canvas, ellipse, group, path, stamps
from menuvo_platform.demo.pictures.herbs import mint
from menuvo_platform.demo.pictures.palette import (
    CHERRY,
    CHOCOLATE_ICE,
    CRUMB,
    CRUST,
    INK,
    LEMON,
    RASPBERRY,
    ROSE,
    ROSE_TABLE,
    STRAWBERRY_ICE,
    VANILLA,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import mound
from menuvo_platform.demo.pictures.sweets import berry, cream_rosette, raspberry


def _scoop(at: Point, radius: float, *, tone: Tone, seed: int) -> str:
    x, y = at
    skirt = (
        ellipse(
            (x + radius * step, y + radius * 0.8),
            (radius * 0.26, radius * 0.16),
            fill=tone.base,
            stroke=tone.shade,
            width=3,
        )
        for step in (-0.62, -0.22, 0.2, 0.6)
    )
    ball = mound(at, (radius, radius * 0.95), tone=tone, seed=seed, wobble=0.03, shine=0.6)
    return ball + "".join(skirt)


def _coupe(*content: str, liquid: Tone = VANILLA) -> str:
    """An ice cream glass on its foot."""
    cup = "M340 430C350 590 470 650 600 650S850 590 860 430z"
    return canvas(
        box((600, 800), (1200, 240), fill=ROSE_TABLE),
        ellipse((615, 800), (170, 22), fill=INK, opacity=0.14),
        *content,
        path(cup, fill=liquid.base, opacity=0.55),
        path(
            "M372 500C400 590 490 636 600 636S800 590 828 500C760 540 440 540 372 500z",
            fill=liquid.shade,
            opacity=0.5,
        ),
        path(cup, fill="#fff", opacity=0.28),
        path("M340 430H860", stroke="#fff", width=12, opacity=0.8),
        path("M380 470C394 550 440 600 500 620", stroke="#fff", width=14, opacity=0.8),
        path("M580 648H620L628 760H572z", fill="#fff", opacity=0.55),
        ellipse((600, 780), (150, 24), fill="#fff", opacity=0.75),
        ellipse((600, 774), (150, 22), fill="#fff", opacity=0.6),
        background=ROSE,
    )


def ice_cream() -> str:
    """Three scoops, cream and a wafer."""
    wafer = group(
        box((0, 0), (70, 300), corner=10, fill=CRUST.shade),
        box((-3, -3), (60, 290), corner=8, fill=CRUMB.base),
        path(
            "M-28 -110L24 -60M-28 -50L24 0M-28 10L24 60M24 -110L-28 -60M24 -50L-28 0M24 10L-28 60",
            stroke=CRUST.base,
            width=5,
        ),
        at=(765, 250),
        turn=24,
    )
    return _coupe(
        wafer,
        _scoop((480, 370), 120, tone=CHOCOLATE_ICE, seed=2),
        _scoop((715, 375), 120, tone=STRAWBERRY_ICE, seed=5),
        _scoop((600, 300), 122, tone=VANILLA, seed=8),
        cream_rosette((600, 190), 66),
        berry((600, 140), 30, tone=CHERRY),
    )


def hot_raspberries() -> str:
    """Vanilla ice cream with hot raspberries."""
    sauce = (
        "M470 350C480 230 720 230 734 350C760 360 745 430 720 420C700 470 670 400 640 430"
        "C610 480 580 420 550 440C510 470 500 400 470 420C440 420 450 360 470 350z"
    )
    return _coupe(
        _scoop((470, 385), 118, tone=VANILLA, seed=2),
        _scoop((725, 385), 118, tone=VANILLA, seed=5),
        _scoop((600, 320), 128, tone=VANILLA, seed=8),
        path(sauce, fill=RASPBERRY.shade),
        group(path(sauce, fill=RASPBERRY.base), at=(12, 4), scale=0.98),
        stamps(
            raspberry(36),
            (
                ((540, 285), 0),
                ((620, 260), 20),
                ((685, 310), 50),
                ((580, 345), 80),
                ((480, 470), 10),
                ((720, 475), 40),
            ),
        ),
        mint((625, 235), size=70),
        liquid=RASPBERRY,
    )


def sorbet() -> str:
    return _coupe(
        _scoop((490, 380), 118, tone=Tone("#f7e28a", "#e0c458", "#fdf3bf"), seed=3),
        _scoop((710, 380), 118, tone=RASPBERRY._replace(base="#e0607f", light="#f49db1"), seed=6),
        stamps(raspberry(32), (((600, 420), 0), ((570, 300), 30))),
        mint((610, 300), size=90),
        liquid=LEMON,
    )
