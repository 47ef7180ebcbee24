"""From the oven and the pot."""

from menuvo_platform.demo.pictures.arrangement import polar
from menuvo_platform.demo.pictures.crockery import plated
from menuvo_platform.demo.pictures.drawing import (
    box,
    circle,
    ellipse,
    group,
    lines,
    open_curve,
    path,
)
from menuvo_platform.demo.pictures.herbs import parsley, specks
from menuvo_platform.demo.pictures.palette import (
    BUTTER,
    CLAY,
    CRUST,
    GRAVY,
    HERB,
    INK,
    NOODLE,
    RED_CABBAGE,
    ROAST,
    STEAK,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import mound, pool, slab
from menuvo_platform.demo.pictures.sides import (
    boiled_potatoes,
    dumpling,
    heap,
    onion_crisps,
    spaetzle,
)


def onion_roast() -> str:
    """Zwiebelrostbraten."""
    return plated(
        pool((545, 555), (260, 150), tone=GRAVY, seed=5),
        spaetzle((735, 345), (155, 115), count=54),
        mound((530, 510), (215, 150), tone=STEAK, seed=8, wobble=0.1),
        onion_crisps((520, 480), (150, 95), count=44),
        parsley((760, 590), size=70, turn=10),
        background=CLAY,
    )


def roast_pork() -> str:
    """Schaeufele in slices, with a dumpling and red cabbage."""
    slices = "".join(
        group(
            mound(
                (0, 0), (130, 74), tone=Tone("#d9a27c", "#b0744e", "#eac3a4"), seed=n, wobble=0.05
            ),
            path("M-118 -36Q0 -108 118 -36", stroke=CRUST.shade, width=22),
            path("M-112 -42Q0 -110 112 -42", stroke=CRUST.base, width=9),
            at=(440 + n * 52, 490 + n * 46),
            turn=-14,
        )
        for n in range(3)
    )
    return plated(
        pool((570, 590), (250, 125), tone=GRAVY, seed=4),
        heap((760, 395), (125, 105), tone=RED_CABBAGE),
        dumpling((565, 315), 100),
        slices,
        parsley((725, 570), size=66),
        background=CLAY,
    )


def roulade() -> str:
    """One cut open: bacon, gherkin and mustard in a spiral."""
    spiral = [polar((0, 0), (7 * n, 6.4 * n), degrees=n * 70) for n in range(2, 12)]
    return plated(
        pool((600, 560), (285, 150), tone=GRAVY, seed=3),
        heap((765, 365), (125, 100), tone=RED_CABBAGE, seed=4),
        boiled_potatoes((545, 320), size=74),
        group(slab((0, 0), (250, 130), tone=ROAST, corner=58), at=(465, 535), turn=-16),
        lines([f"M{x} 468l26 118" for x in (395, 470)], 7, colour="#efe3cc", opacity=0.9),
        group(
            mound((0, 0), (92, 84), tone=ROAST, wobble=0.03, shine=0),
            circle((0, 0), 74, fill="#b9805a"),
            path(open_curve(spiral), stroke="#efc9a0", width=9),
            circle((0, 0), 17, fill="#8aa04a"),
            at=(690, 575),
        ),
        parsley((590, 430), size=58),
        background=CLAY,
    )


def maultaschen() -> str:
    """Three filled pockets with melted onions."""
    pockets = "".join(
        group(
            box((7, 11), (220, 150), corner=22, fill=INK, opacity=0.15),
            box((0, 0), (220, 150), corner=22, fill=NOODLE.shade),
            box((-2, -3), (214, 143), corner=20, fill="#f5e0a6"),
            box((0, -2), (162, 92), corner=30, fill="#eacb80"),
            ellipse((-24, -18), (46, 18), fill="#f9ecc6"),
            path("M-96 -56V56M96 -56V56", stroke=NOODLE.shade, width=4),
            at=at,
            turn=turn,
        )
        for at, turn in (((470, 400), -18), ((710, 420), 12), ((585, 580), -4))
    )
    return plated(
        pool((590, 470), (270, 230), tone=BUTTER, seed=8),
        pockets,
        onion_crisps((590, 480), (130, 90), count=38),
        specks((595, 480), (230, 180), tone=Tone(HERB, HERB, "#65a057"), count=34, size=10),
        background=CLAY,
    )
