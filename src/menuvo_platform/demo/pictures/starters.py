from menuvo_platform.demo.pictures.arrangement import polar, ring, scatter, strewn
from menuvo_platform.demo.pictures.crockery import board, plated, ramekin, stoneware
from menuvo_platform.demo.pictures.drawing import (
    CENTRE,
    Point,
    canvas,
    circle,
    group,
    open_curve,
    path,
    stamps,
)
from menuvo_platform.demo.pictures.herbs import chives, leaf, parsley, specks
from menuvo_platform.demo.pictures.palette import (
    BEETROOT,
    BUTTER,
    CARROT,
    CREAM,
    DEEP_LEAF,
    HAM,
    HAM_FAT,
    HERB,
    INK,
    LEAF,
    LINEN,
    PUMPKIN,
    ROAST,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import mound, pebble, pool, slab
from menuvo_platform.demo.pictures.slices import radish_slice, walnut

HUMMUS = Tone("#e6cd9c", "#c6a56a", "#f4e4c2")
OIL = Tone("#c9a92f", "#a3851c", "#ecd57a")


def bread_slice(at: Point, *, turn: float = 0, scale: float = 1) -> str:
    """A slice of farmhouse bread."""
    outline = (
        "M-120 40C-150 -20 -130 -90 -60 -92C-20 -110 40 -108 66 -90C134 -84 148 -20 120 40"
        "C118 84 90 92 0 92S-118 84 -120 40z"
    )
    return group(
        group(path(outline, fill=INK, opacity=0.16), at=(8, 12)),
        path(outline, fill="#8f5a2b"),
        group(path(outline, fill="#ecd2a2"), scale=0.89),
        specks((0, 0), (88, 62), tone=Tone("#d4b27a", "#d4b27a", "#f7e7c6"), count=26, size=13),
        at=at,
        turn=turn,
        scale=scale,
    )


def bread_and_butter() -> str:
    return canvas(
        board((600, 450), (860, 580)),
        bread_slice((420, 370), turn=-18, scale=1.2),
        bread_slice((560, 500), turn=8, scale=1.3),
        ramekin(BUTTER, at=(800, 330), radius=105),
        chives((800, 330), (55, 50), count=14, length=12),
        slab((810, 570), (150, 34), tone=Tone("#c9cbc8", "#9fa29e", "#eceeeb"), turn=28, corner=16),
        slab((700, 512), (110, 26), tone=Tone("#5b3a22", "#3f2614", "#7b543a"), turn=28, corner=12),
        background=LINEN,
    )


def herb_quark() -> str:
    """Bibeleskaes with bread and radishes."""
    return canvas(
        board((600, 450), (860, 580)),
        bread_slice((400, 360), turn=-14, scale=1.15),
        bread_slice((420, 540), turn=12, scale=1.15),
        circle((722, 452), 190, fill=INK, opacity=0.15),
        circle((710, 435), 190, fill="#e7dfd0"),
        circle((709, 433), 186, fill="#fffdf8"),
        mound((710, 435), (150, 145), tone=CREAM, seed=4, wobble=0.05),
        path(
            open_curve([polar((710, 435), (12 * n, 12 * n), degrees=n * 55) for n in range(1, 11)]),
            stroke=CREAM.shade,
            width=9,
        ),
        chives((710, 435), (120, 115), count=34, length=16),
        *(radish_slice(at, 40) for at in ((855, 620), (790, 660), (905, 555))),
        background=LINEN,
    )


def _folded_ham() -> str:
    return group(
        path(
            "M-100 30C-110 -50 -40 -80 10 -62S110 -60 104 20S20 90 -30 72S-96 70 -100 30z",
            fill=INK,
            opacity=0.15,
        ),
        path(
            "M-104 22C-114 -58 -44 -88 6 -70S106 -68 100 12S16 82 -34 64S-100 62 -104 22z",
            fill=HAM_FAT,
        ),
        path(
            "M-88 16C-94 -40 -40 -66 2 -52S86 -50 82 8S10 62 -30 46S-84 50 -88 16z",
            fill=HAM.base,
        ),
        path("M-60 16Q-20 -40 40 -34M-30 34Q20 -10 64 -8", stroke=HAM.shade, width=8, opacity=0.7),
        path("M-66 -8Q-40 -40 0 -40", stroke=HAM.light, width=10, opacity=0.8),
    )


def ham_board() -> str:
    """Black Forest ham in folded slices."""
    places = (
        ((350, 330), -20),
        ((520, 300), 15),
        ((400, 480), 40),
        ((570, 440), -10),
        ((470, 600), 5),
    )
    return canvas(
        board((600, 450), (900, 600)),
        bread_slice((790, 330), turn=12, scale=1.15),
        bread_slice((840, 440), turn=24, scale=1.1),
        stamps(_folded_ham(), places),
        *(
            group(
                slab((0, 0), (110, 44), tone=DEEP_LEAF, corner=20),
                specks((0, 0), (40, 12), tone=LEAF, count=6, size=5),
                at=at,
                turn=turn,
            )
            for at, turn in (((680, 610), 20), ((760, 640), -15))
        ),
        *(radish_slice(at, 38) for at in ((660, 520), (720, 560))),
        parsley((610, 640), size=64),
        background=LINEN,
    )


def beetroot_carpaccio() -> str:
    slices = [*ring(CENTRE, (190, 190), count=11), *ring(CENTRE, (95, 95), count=6), CENTRE]
    beet = (
        circle((4, 6), 72, fill=INK, opacity=0.1)
        + circle((0, 0), 72, fill=BEETROOT.shade)
        + circle((-1, -1), 68, fill=BEETROOT.base)
        + circle((0, 0), 44, stroke=BEETROOT.light, width=4, opacity=0.6)
    )
    return plated(
        stamps(beet, ((at, 0) for at in slices)),
        *(
            mound(at, (42, 36), tone=CREAM, seed=n, wobble=0.15)
            for n, at in enumerate(scatter(CENTRE, (165, 160), count=6, seed=3))
        ),
        stamps(walnut(), strewn(CENTRE, (190, 185), count=7, seed=5)),
        stamps(leaf((0, 0), 76), strewn((590, 450), (170, 165), count=9, seed=8)),
        background=LINEN,
    )


def snails() -> str:
    """Six in their dish, each under herb butter."""
    hollows = [*ring(CENTRE, (190, 190), count=6, start=30)]
    shells = "".join(
        group(
            circle((0, 0), 92, fill="#ddd2bd"),
            circle((3, 5), 86, fill="#8fa552"),
            circle((3, 5), 74, fill="#a9bd63"),
            mound((0, 2), (56, 52), tone=ROAST, seed=n, wobble=0.03, shine=0),
            path(
                open_curve(
                    [
                        polar((0, 0), (t * 4.1, t * 3.9), degrees=t * 58 + n * 40)
                        for t in range(1, 13)
                    ]
                ),
                stroke="#c89b6a",
                width=9,
            ),
            specks(
                (0, 0), (70, 66), tone=Tone(HERB, HERB, "#cfe08a"), count=16, size=8, seed=n + 1
            ),
            at=at,
        )
        for n, at in enumerate(hollows)
    )
    return canvas(
        circle((616, 476), 345, fill=INK, opacity=0.13),
        circle(CENTRE, 345, fill="#e7dfd0"),
        circle((598, 446), 340, fill="#fffdf8"),
        circle(CENTRE, 322, stroke=HERB, width=4, opacity=0.75),
        shells,
        parsley((600, 440), size=80),
        background=LINEN,
    )


def hummus() -> str:
    spiral = [polar((590, 455), (13 * n, 13 * n), degrees=n * 47) for n in range(2, 16)]
    roots = scatter((730, 560), (95, 75), count=8, seed=2)
    return canvas(
        stoneware(),
        mound((595, 455), (262, 256), tone=HUMMUS, seed=4, wobble=0.03, shine=0.3),
        path(open_curve(spiral), stroke=HUMMUS.shade, width=20, opacity=0.8),
        path(open_curve(spiral), stroke=OIL.base, width=8, opacity=0.9),
        pool((565, 430), (62, 52), tone=OIL, seed=6),
        *(
            slab(at, (104, 36), tone=(CARROT, PUMPKIN, BEETROOT)[n % 3], turn=n * 47, corner=14)
            for n, at in enumerate(roots)
        ),
        *(
            pebble(at, (22, 20), tone=Tone("#dfb873", "#b98c42", "#f2d8a4"))
            for at in scatter((470, 520), (90, 90), count=9, seed=6)
        ),
        specks(
            (590, 400), (190, 150), tone=Tone("#b3261e", "#b3261e", "#fff3d6"), count=36, size=8
        ),
        parsley((640, 330), size=62, turn=15),
        background=LINEN,
    )
