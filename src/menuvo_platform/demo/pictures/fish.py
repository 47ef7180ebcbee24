from menuvo_platform.demo.pictures.arrangement import strewn
from menuvo_platform.demo.pictures.crockery import pan, plated, ramekin
from menuvo_platform.demo.pictures.drawing import (
    Point,
    canvas,
    circle,
    ellipse,
    group,
    lines,
    path,
    stamps,
)
from menuvo_platform.demo.pictures.herbs import leaf, parsley, specks
from menuvo_platform.demo.pictures.palette import (
    BUTTER,
    CARROT,
    CREAM,
    CRUMB,
    DEEP_LEAF,
    HERB,
    INK,
    LEAF,
    LENTIL,
    MIST,
    PRAWN,
    SALMON,
    TOMATO_RED,
    TROUT,
    WHITEFISH,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import crumbs, mound, pool, slab
from menuvo_platform.demo.pictures.sides import (
    boiled_potatoes,
    carrot_coins,
    fries,
    green_beans,
    lettuce,
)
from menuvo_platform.demo.pictures.slices import citrus, lemon_wedge, tomato_half

BROWNED = Tone("#c9a36a", "#977043", "#e6cd9f")


def whole_fish(at: Point, tone: Tone, *, turn: float = 0) -> str:
    """A trout on its side, head to the left."""
    body = (
        "M-330 10C-290 -70 -190 -118 -40 -112C90 -106 190 -60 270 -18L270 34"
        "C190 78 90 112 -40 112C-190 112 -290 80 -330 10z"
    )
    tail = "M250 8C300 -30 340 -80 376 -88C362 -40 362 50 380 100C340 88 300 46 250 8z"
    fins = (
        "M-60 -104C-20 -152 60 -150 96 -98zM-90 106C-60 146 -20 146 0 108zM90 98"
        "C110 130 150 128 164 82z"
    )
    cuts = [f"M{x} -62q26 54 0 112" for x in (-120, -30, 60, 146)]
    spots = [
        ((x, y), 0.0)
        for x, y in ((-160, -60), (-96, -78), (-10, -76), (76, -66), (150, -44), (206, -18))
    ]
    return group(
        group(path(body + tail, fill=INK, opacity=0.16), at=(8, 18)),
        path(tail + fins, fill=tone.shade),
        path("M288 6L352 -50M288 8L348 8M290 14L354 64", stroke=tone.base, width=7),
        path(body, fill=tone.shade),
        path(
            "M-326 4C-286 -70 -190 -112 -40 -106C90 -100 186 -56 262 -16L262 6"
            "C160 40 -160 46 -326 4z",
            fill=tone.base,
        ),
        path(
            "M-300 26C-160 62 120 60 262 18L262 28C186 70 90 104 -40 104C-180 104 -270 76 -300 26z",
            fill=tone.light,
        ),
        path("M-190 12C-60 26 140 24 256 4", stroke="#d98f7e", width=15, opacity=0.6),
        lines(cuts, 9, colour=tone.shade, opacity=0.9),
        stamps(circle((0, 0), 9, fill=tone.shade), spots),
        path("M-214 -78Q-168 0 -206 82", stroke=tone.shade, width=9),
        circle((-272, -14), 21, fill="#fdf8ea"),
        circle((-270, -13), 11, fill=INK),
        path("M-328 14Q-304 28 -284 24", stroke=INK, width=5, opacity=0.6),
        at=at,
        turn=turn,
    )


def trout() -> str:
    """Miller style: in browned butter with almonds."""
    almond = ellipse((0, 0), (22, 11), fill="#f3dfb4", stroke="#b98a4f", width=4)
    return plated(
        pool((600, 500), (300, 165), tone=BUTTER._replace(base="#e9bf55", shade="#cf9c31"), seed=4),
        boiled_potatoes((570, 285), size=72),
        group(whole_fish((0, 0), BROWNED), at=(585, 480), turn=-8, scale=0.88),
        stamps(almond, strewn((600, 470), (170, 66), count=15, seed=3)),
        lemon_wedge((775, 345), size=70, turn=20),
        parsley((490, 620), size=70, turn=-15),
        background=MIST,
    )


def blue_trout() -> str:
    """Forelle blau: poached, with horseradish cream."""
    return plated(
        boiled_potatoes((560, 290), size=72),
        ramekin(CREAM, at=(760, 320), radius=84),
        group(
            whole_fish((0, 0), TROUT._replace(base="#7f9db4", shade="#577389", light="#c5d5dc")),
            at=(590, 480),
            turn=-6,
            scale=0.88,
        ),
        carrot_coins((545, 630), (130, 30), count=6),
        stamps(
            leaf((0, 0), 62, tone=DEEP_LEAF),
            (((400, 600), 60), ((690, 620), -20), ((720, 620), 40)),
        ),
        citrus((760, 570), 58),
        background=MIST,
    )


def fillet(at: Point, tone: Tone, *, turn: float = 0) -> str:
    """A piece of fish with its seared flakes."""
    flakes = "M-120 -60q36 58 8 124M-50 -72q36 70 8 142M24 -74q36 72 8 142M96 -62q32 60 8 120"
    return group(
        mound((0, 0), (205, 98), tone=tone, seed=8, wobble=0.06, shine=0.5),
        path(flakes, stroke=tone.shade, width=8, opacity=0.8),
        path("M-170 -20Q0 -92 170 -16", stroke=tone.light, width=12, opacity=0.7),
        at=at,
        turn=turn,
    )


def pikeperch() -> str:
    """On lentils, with a foam of white wine."""
    return plated(
        mound((590, 490), (275, 205), tone=LENTIL, seed=4, wobble=0.06, shine=0.2),
        specks((590, 490), (245, 180), tone=LENTIL._replace(light="#c9a878"), count=130, size=19),
        specks((590, 490), (230, 165), tone=CARROT, count=22, size=19, seed=3),
        pool((570, 500), (215, 118), tone=CREAM, seed=9, wobble=0.12),
        fillet((590, 440), WHITEFISH._replace(base="#efd3a1", shade="#c89550"), turn=-12),
        stamps(
            leaf((0, 0), 70, breadth=0.28, tone=DEEP_LEAF),
            (((600, 420), -40), ((600, 424), 10), ((596, 420), -100)),
        ),
        lemon_wedge((775, 610), size=62, turn=-15),
        background=MIST,
    )


def salmon() -> str:
    return plated(
        green_beans((650, 330), length=290, count=7, turn=-10),
        boiled_potatoes((745, 560), size=64),
        pool((500, 560), (190, 110), tone=BUTTER, seed=6),
        fillet((530, 480), SALMON, turn=-14),
        stamps(
            leaf((0, 0), 58, breadth=0.26, tone=DEEP_LEAF), strewn((530, 480), (90, 40), count=7)
        ),
        citrus((420, 350), 66, turn=12),
        background=MIST,
    )


def prawns() -> str:
    """In the pan with garlic and cherry tomatoes."""
    prawn = (
        path("M-56 40A68 68 0 1 1 58 34", stroke=INK, width=46, opacity=0.13)
        + path("M-60 30A68 68 0 1 1 54 26", stroke=PRAWN.shade, width=48)
        + path("M-60 28A68 68 0 1 1 54 24", stroke=PRAWN.base, width=38)
        + path(
            "M-70 -20l34 12M-44 -58l24 30M0 -76l2 38M44 -62l-22 30M72 -22l-36 12",
            stroke=PRAWN.light,
            width=7,
        )
        + path("M-64 36L-96 66M-62 36L-64 82M-60 36L-34 68", stroke=PRAWN.shade, width=17)
    )
    places = (((455, 360), -20.0), ((640, 330), 50.0), ((770, 450), 110.0), ((560, 500), 10.0))
    return canvas(
        pan(),
        pool(
            (600, 455), (285, 275), tone=Tone("#d8a33a", "#a9761c", "#f2d083"), seed=4, wobble=0.03
        ),
        stamps(prawn, (*places, ((430, 565), -70.0), ((680, 620), 170.0))),
        stamps(
            tomato_half((0, 0), 42),
            (((560, 390), 0), ((700, 520), 30), ((550, 640), 70), ((360, 470), 10)),
        ),
        specks((600, 455), (250, 240), tone=Tone(HERB, LEAF.base, "#65a057"), count=70, size=13),
        lemon_wedge((805, 320), size=62, turn=35),
        background=MIST,
    )


def fish_fingers() -> str:
    finger = slab((0, 0), (250, 74), tone=CRUMB, corner=16) + crumbs(
        (0, 0), (105, 24), tone=CRUMB, count=26
    )
    return plated(
        fries((690, 350), (165, 95), count=17),
        lettuce((765, 540), (50, 40), count=5, size=56),
        stamps(finger, (((470, 440), -32), ((530, 520), -28), ((590, 605), -24))),
        ramekin(TOMATO_RED, at=(430, 305), radius=78),
        lemon_wedge((770, 545), size=56, turn=15),
        background=MIST,
    )
