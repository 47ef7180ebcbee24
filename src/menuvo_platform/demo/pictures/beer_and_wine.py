from menuvo_platform.demo.pictures.drawing import box, ellipse, group, path, stamps
from menuvo_platform.demo.pictures.glassware import (
    BALLOON,
    FLUTE,
    MUG,
    PILS,
    RED_WINE,
    SMALL_PILS,
    SPIRIT,
    WHEAT,
    WHITE_WINE,
    WILLY,
    Glass,
    foam,
    ice_cubes,
    served,
)
from menuvo_platform.demo.pictures.herbs import leaf, mint
from menuvo_platform.demo.pictures.palette import HONEY, INK, LEAF, LIME, TOMATO_RED, WHITE, Tone
from menuvo_platform.demo.pictures.slices import citrus

BEER_TABLE = "#d8b877"
WINE_GROUND, WINE_TABLE = "#e6d6da", "#ccb4bb"

GOLD = Tone("#f0b429", "#d39110", "#f9d476")
PALE_GOLD = Tone("#f6c94a", "#dba724", "#fbe293")
CLOUDY = Tone("#eda63a", "#cc8119", "#f6c878")
DARK = Tone("#6a3417", "#481f0b", "#96572f")
RED = Tone("#8e1c32", "#640f20", "#b84a5e")
WHITE_GOLD = Tone("#f1e08e", "#d9c25c", "#faf2c6")
GREEN_GOLD = Tone("#eae6a6", "#cfca70", "#f7f5d4")
PINK = Tone("#f0a48f", "#d98270", "#f9cbbd")
SPARKLING = Tone("#f3dc94", "#dcbb59", "#fbf0c8")
CLEAR = Tone("#eef3f0", "#c9d8d4", "#ffffff")


def _beer(
    glass: Glass, beer: Tone, *extras: str, head: float = 70, behind: str = "", scale: float = 1.08
) -> str:
    top = glass.rim[0]
    return served(
        glass,
        glass.filled(top + head, beer),
        glass.bubbles(top + head + 30, glass.bottom - 60, count=22, size=8),
        foam(glass, top=top + 10, bottom=top + head + 12),
        *extras,
        ground=HONEY,
        table=BEER_TABLE,
        behind=behind,
        scale=scale,
    )


def pils() -> str:
    return _beer(PILS, PALE_GOLD, head=90)


def small_pils() -> str:
    return _beer(SMALL_PILS, PALE_GOLD, head=64, scale=1.2)


def helles() -> str:
    """In a glass mug with dimples."""
    dimples = stamps(
        box((0, 0), (70, 92), corner=32, fill=WHITE, opacity=0.2),
        [((x, y), 0.0) for y in (420, 535, 650) for x in (516, 600, 684)],
    )
    handle = path("M762 320C900 310 900 640 762 640", stroke=WHITE, width=44, opacity=0.62)
    return _beer(MUG, GOLD, dimples, head=100, behind=handle)


def wheat_beer() -> str:
    return _beer(WHEAT, CLOUDY, head=110, scale=1)


def alcohol_free_wheat_beer() -> str:
    ear = "".join(
        leaf((870, 700 - n * 34), 62, turn=turn, tone=WHEAT_EAR, breadth=0.5)
        for n in range(7)
        for turn in (-140, -40)
    )
    stalk = path("M870 775V470", stroke=WHEAT_EAR.shade, width=8)
    return _beer(
        WHEAT, Tone("#f2bb52", "#d69628", "#f9d88f"), head=110, behind=stalk + ear, scale=1
    )


WHEAT_EAR = Tone("#d9a33c", "#b37f21", "#efc876")


def dark_beer() -> str:
    return _beer(WILLY, DARK, head=80)


def radler() -> str:
    return _beer(
        WILLY, Tone("#f5d55c", "#dcb432", "#fbe99f"), citrus((716, 200), 66, turn=10), head=70
    )


def _wine(glass: Glass, wine: Tone, *extras: str, level: float, behind: str = "") -> str:
    return served(
        glass,
        glass.filled(level, wine),
        *extras,
        ground=WINE_GROUND,
        table=WINE_TABLE,
        behind=behind,
        scale=1.3 if glass is SPIRIT else 1.18,
    )


def red_wine() -> str:
    return _wine(RED_WINE, RED, level=350)


def white_wine() -> str:
    return _wine(WHITE_WINE, WHITE_GOLD, level=330)


def gutedel() -> str:
    """The light white of the Markgraeflerland, with a vine leaf."""
    vine = group(
        *(leaf((0, 0), 120, turn=turn, breadth=0.75) for turn in (-170, -125, -80, -35, 10)),
        path("M0 0Q20 60 60 80", stroke=LEAF.shade, width=9),
        at=(860, 690),
        scale=0.9,
    )
    return _wine(WHITE_WINE, GREEN_GOLD, level=330, behind=vine)


def rose_wine() -> str:
    return _wine(WHITE_WINE, PINK, level=330)


def sparkling_wine() -> str:
    return _wine(FLUTE, SPARKLING, FLUTE.bubbles(240, 570, count=34, size=8), level=215)


def elderflower_spritz() -> str:
    return _wine(
        BALLOON,
        Tone("#eeeaba", "#d2cc7f", "#f9f7dc"),
        BALLOON.bubbles(270, 540, count=34),
        ice_cubes((540, 330), (632, 350), (584, 430)),
        citrus((694, 236), 66, tone=LIME),
        mint((560, 270), size=100),
        level=260,
    )


def cherry_brandy() -> str:
    cherries = "".join(
        ellipse((x + 5, y + 8), (38, 36), fill=INK, opacity=0.15)
        + ellipse((x, y), (38, 36), fill=TOMATO_RED.shade)
        + ellipse((x - 3, y - 4), (33, 31), fill="#b3202c")
        + ellipse((x - 12, y - 13), (10, 8), fill=TOMATO_RED.light)
        for x, y in ((780, 738), (872, 744))
    )
    stems = path("M780 706Q800 620 850 590M872 712Q868 640 850 590", stroke="#5a7a35", width=8)
    return _wine(SPIRIT, CLEAR, level=450, behind=stems + leaf((850, 592), 90, turn=-20) + cherries)
