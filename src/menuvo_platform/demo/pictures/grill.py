"""From the grill."""

from menuvo_platform.demo.pictures.crockery import plated, ramekin
from menuvo_platform.demo.pictures.drawing import circle, group, lines, path
from menuvo_platform.demo.pictures.herbs import specks
from menuvo_platform.demo.pictures.palette import (
    BUTTER,
    CLAY,
    HERB,
    INK,
    POULTRY,
    SAUSAGE,
    STEAK,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import mound, pool, slab
from menuvo_platform.demo.pictures.sides import (
    fried_potatoes,
    fries,
    green_beans,
    lettuce,
    sauerkraut,
)
from menuvo_platform.demo.pictures.slices import lemon_wedge

MUSTARD = Tone("#dca72f", "#b5841c", "#f1cd72")


STEAK_MARKS = ((362, 480, 78), (402, 424, 136), (468, 404, 150), (546, 404, 118), (630, 430, 42))


def rump_steak() -> str:
    """With grill marks, a fat edge, and herb butter melting on top."""
    marks = [f"M{x} {y}l{run} {run * 1.4:.0f}" for x, y, run in STEAK_MARKS]
    return plated(
        fried_potatoes((735, 340), (130, 95), count=15),
        green_beans((745, 585), length=190, turn=-32),
        mound(
            (515, 500), (215, 158), tone=Tone("#e9cba6", "#c79f73", "#f5e3cb"), seed=14, wobble=0.08
        ),
        mound((522, 510), (200, 140), tone=STEAK, seed=14, wobble=0.08, shine=0.3),
        lines(marks, 17, colour="#43200f", opacity=0.75),
        pool((500, 490), (70, 52), tone=BUTTER, seed=9),
        slab((500, 484), (84, 58), tone=BUTTER, turn=-14),
        specks((500, 484), (32, 20), tone=Tone(HERB, HERB, HERB), count=9, size=9),
        background=CLAY,
    )


def bratwurst() -> str:
    sausages = "".join(
        group(
            path("M-190 40Q0 -60 190 40", stroke=INK, width=76, opacity=0.15),
            path("M-190 28Q0 -72 190 28", stroke=SAUSAGE.shade, width=78),
            path("M-190 24Q0 -76 190 24", stroke=SAUSAGE.base, width=64),
            path("M-170 6Q0 -88 160 0", stroke=SAUSAGE.light, width=12, opacity=0.8),
            lines(
                [
                    f"M{x - 16} {y + 22}l32 -44"
                    for x, y in ((-120, -2), (-42, -22), (42, -22), (120, -2))
                ],
                9,
                colour="#5f2b12",
                opacity=0.8,
            ),
            at=at,
            turn=turn,
        )
        for at, turn in (((560, 500), -12), ((600, 610), -12))
    )
    return plated(
        sauerkraut((520, 335), (185, 120)),
        ramekin(MUSTARD, at=(775, 350), radius=82),
        sausages,
        background=CLAY,
    )


def half_chicken() -> str:
    breast = (
        "M330 505C340 380 470 310 600 330C720 348 770 430 745 520C720 610 600 650 500 640"
        "C390 630 325 580 330 505z"
    )
    thigh = (
        "M395 560C400 480 490 440 560 480C620 516 610 600 540 640C470 676 420 690 372 712"
        "L340 680C372 650 392 620 395 560z"
    )
    wing = (
        "M600 430C650 385 740 400 752 470C758 530 700 570 660 548C690 520 690 490 660 480"
        "C636 474 600 470 600 430z"
    )
    return plated(
        fries((745, 320), (125, 80), count=14),
        lettuce((765, 590), (50, 36), count=5, size=58),
        group(path(breast, fill=INK, opacity=0.15), at=(9, 16)),
        path(breast, fill=POULTRY.base, stroke=POULTRY.shade, width=8),
        path("M400 440Q480 360 600 366", stroke=POULTRY.light, width=26, opacity=0.7),
        path(wing, fill="#c47f3a", stroke=POULTRY.shade, width=7),
        path("M630 430Q680 410 712 440", stroke=POULTRY.light, width=12, opacity=0.8),
        path("M362 690L316 734", stroke="#cdb58e", width=34),
        path("M362 690L316 732", stroke="#f7ead2", width=26),
        circle((306, 726), 19, fill="#f7ead2"),
        circle((322, 744), 17, fill="#f7ead2"),
        path(thigh, fill="#cf8a43", stroke=POULTRY.shade, width=8),
        path("M440 540Q470 490 530 500", stroke=POULTRY.light, width=20, opacity=0.75),
        specks((540, 440), (170, 90), tone=Tone("#8a4a1a", "#8a4a1a", HERB), count=34, size=9),
        specks((490, 580), (70, 70), tone=Tone("#8a4a1a", "#8a4a1a", HERB), count=12, size=9),
        lemon_wedge((765, 590), size=58, turn=25),
        background=CLAY,
    )
