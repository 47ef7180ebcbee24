from menuvo_platform.demo.pictures.arrangement import strewn
from menuvo_platform.demo.pictures.crockery import bowl, pan, plated, ramekin, stoneware
from menuvo_platform.demo.pictures.drawing import canvas, ellipse, path, stamps
from menuvo_platform.demo.pictures.herbs import chives, leaf, parsley, specks
from menuvo_platform.demo.pictures.palette import (
    APPLE,
    CARROT,
    CHEESE,
    CREAM,
    CRUMB,
    CRUST,
    DEEP_LEAF,
    HERB,
    INK,
    LENTIL,
    MUSHROOM_CREAM,
    PUMPKIN,
    RICE,
    SAGE,
    TOMATO_RED,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import mound, pool, slab
from menuvo_platform.demo.pictures.sides import (
    dumpling,
    fried_potatoes,
    mushrooms,
    onion_crisps,
    spaetzle,
)

RISOTTO = Tone("#f3c878", "#d6a04c", "#fae3b4")
CURRY = Tone("#dd9b3a", "#b87624", "#f0c078")
NOODLES = Tone("#f4d98c", "#cfa550", "#fdf0c4")


def cheese_spaetzle() -> str:
    """In the pan, under fried onions."""
    threads = "M430 380Q520 470 610 400M520 300Q600 380 700 330M470 560Q560 500 660 590"
    return canvas(
        pan(),
        spaetzle((600, 455), (235, 225), count=105),
        path(threads, stroke=CHEESE.light, width=11, opacity=0.9),
        *(
            pool(at, (62, 38), tone=CHEESE, seed=n)
            for n, at in enumerate(((455, 360), (720, 540), (500, 590)))
        ),
        onion_crisps((600, 440), (140, 115), count=46),
        chives((600, 455), (220, 210), count=34, length=18),
        background=SAGE,
    )


def pumpkin_risotto() -> str:
    grain = ellipse((0, 0), (17, 8), fill=RICE.light, stroke=RISOTTO.shade, width=2)
    return canvas(
        bowl(RISOTTO),
        mound((600, 455), (235, 228), tone=RISOTTO, seed=4, wobble=0.05, shine=0.3),
        stamps(grain, strewn((600, 455), (215, 208), count=95, seed=3)),
        stamps(
            slab((0, 0), (64, 58), tone=PUMPKIN, corner=10),
            strewn((600, 455), (160, 150), count=11, seed=5),
        ),
        stamps(leaf((0, 0), 92, tone=Tone("#7f9a72", "#5a7550", "#a9bf9d")), SAGE_LEAVES),
        specks((600, 455), (210, 200), tone=DEEP_LEAF, count=20, size=9),
        background=SAGE,
    )


SAGE_LEAVES = (((590, 440), -30.0), ((590, 445), 100.0), ((580, 440), -150.0))


def dumplings_with_mushrooms() -> str:
    return plated(
        pool((590, 470), (285, 235), tone=MUSHROOM_CREAM, seed=5, wobble=0.06),
        dumpling((470, 400), 112),
        dumpling((700, 385), 112, seed=4),
        mushrooms((590, 560), (200, 95), count=13, size=50),
        chives((590, 560), (220, 110), count=20, length=16),
        parsley((590, 430), size=70),
        background=SAGE,
    )


def lentil_curry() -> str:
    return canvas(
        stoneware(),
        mound((690, 455), (225, 250), tone=CURRY, seed=3, wobble=0.05, shine=0.2),
        specks((690, 455), (190, 215), tone=LENTIL._replace(light="#f3cd8a"), count=100, size=17),
        mound((435, 440), (165, 205), tone=RICE, seed=6, wobble=0.06, shine=0.7),
        stamps(
            ellipse((0, 0), (15, 6), fill="#fffdf6", stroke=RICE.shade, width=2),
            strewn((435, 440), (135, 170), count=50, seed=2),
        ),
        stamps(
            slab((0, 0), (58, 52), tone=CARROT, corner=12), strewn((710, 470), (130, 150), count=7)
        ),
        stamps(leaf((0, 0), 64, breadth=0.66), strewn((660, 400), (100, 100), count=7, seed=4)),
        background=SAGE,
    )


def potato_pan_with_quark() -> str:
    """Braegele with Bibeleskaes."""
    return plated(
        fried_potatoes((535, 480), (195, 160), count=34),
        onion_crisps((530, 480), (130, 100), count=16),
        ramekin(CREAM, at=(745, 345), radius=132),
        chives((745, 345), (80, 75), count=22, length=15),
        parsley((700, 590), size=74, turn=12),
        background=SAGE,
    )


def vegetable_balls() -> str:
    """Spelt and vegetable patties on a tomato sauce."""
    patty = mound((0, 0), (98, 88), tone=CRUMB, seed=4, wobble=0.05) + specks(
        (0, 0), (70, 60), tone=Tone(HERB, HERB, "#e57f2e"), count=18, size=12
    )
    return plated(
        pool((590, 480), (275, 225), tone=TOMATO_RED, seed=6, wobble=0.07),
        stamps(patty, (((480, 430), 0), ((690, 410), 20), ((600, 580), -15))),
        stamps(
            leaf((0, 0), 96, breadth=0.66), (((590, 470), -80), ((590, 470), 30), ((585, 472), 150))
        ),
        specks((590, 480), (240, 190), tone=Tone(HERB, HERB, "#fff"), count=24, size=9),
        background=SAGE,
    )


def pasta_with_tomato() -> str:
    """A nest of noodles, as children like it."""
    turns = "".join(
        f"M{600 - r} 455a{r} {r * 0.9:.0f} {r} 1 1 {r * 2} {n % 3 * 8 - 8}"
        for n, r in enumerate(range(40, 230, 19))
    )
    returns = "".join(
        f"M{600 + r} 452a{r} {r * 0.86:.0f} {-r} 1 1 {-r * 2} {n % 3 * 8 - 6}"
        for n, r in enumerate(range(48, 235, 19))
    )
    return plated(
        ellipse((610, 475), (240, 218), fill=INK, opacity=0.14),
        ellipse((600, 455), (240, 216), fill=NOODLES.shade),
        *(
            path(turns + returns, stroke=colour, width=width)
            for colour, width in ((NOODLES.shade, 19), (NOODLES.base, 14), (NOODLES.light, 4))
        ),
        pool((600, 445), (150, 125), tone=TOMATO_RED, seed=4, wobble=0.16),
        stamps(
            leaf((0, 0), 84, breadth=0.66), (((605, 445), -60), ((605, 445), 60), ((600, 445), 180))
        ),
        specks((600, 445), (170, 150), tone=CREAM, count=40, size=12),
        background=SAGE,
    )


def pancake_with_apple() -> str:
    """Two, each folded twice into a fan."""
    fan = (
        path(
            "M-30 190C-150 120 -170 -60 -60 -170L190 110C150 180 60 220 -30 190z",
            fill=INK,
            opacity=0.14,
        )
        + path(
            "M-40 176C-160 106 -180 -74 -70 -184L180 96C140 166 50 206 -40 176z", fill=CRUST.shade
        )
        + path("M-44 164C-150 98 -166 -70 -70 -178L170 92C130 156 44 190 -44 164z", fill="#eabd72")
        + path("M-62 120C-134 60 -140 -60 -66 -140L134 88C96 128 10 150 -62 120z", fill="#f2d08f")
        + path(
            "M-58 -100Q-110 -10 -40 70M-10 -50Q-40 10 30 84", stroke="#c98a41", width=8, opacity=0.5
        )
    )
    return plated(
        stamps(fan, (((500, 440), 0), ((590, 540), 14))),
        ramekin(APPLE, at=(755, 360), radius=118),
        stamps(leaf((0, 0), 60), (((765, 360), -40), ((765, 362), 30))),
        specks((545, 490), (170, 150), tone=Tone("#fff", "#fff", "#fff"), count=70, size=9),
        background=SAGE,
    )
