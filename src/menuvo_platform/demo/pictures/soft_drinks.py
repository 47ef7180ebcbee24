from menuvo_platform.demo.pictures.drawing import box, circle, ellipse, group, path, stamps
from menuvo_platform.demo.pictures.glassware import (
    BALLOON,
    LONG_DRINK,
    TUMBLER,
    Glass,
    ice_cubes,
    served,
)
from menuvo_platform.demo.pictures.herbs import leaf, mint
from menuvo_platform.demo.pictures.palette import (
    APPLE,
    HERB,
    INK,
    LEAF,
    LEMON,
    LIME,
    PLUM,
    RASPBERRY,
    TOMATO,
    WHITE,
    Tone,
)
from menuvo_platform.demo.pictures.slices import citrus

GROUND, TABLE = "#cfe0dc", "#b4cbc5"
WATER = Tone("#d8eef2", "#aed4dc", "#f3fbfc")
COLA = Tone("#54281a", "#35160d", "#8a4a2f")
LEMONADE = Tone("#f7e9a0", "#e3cc62", "#fdf7d5")
ELDER = Tone("#eff0c4", "#d3d68f", "#fafbe4")
ORANGE = Tone("#f59a23", "#d87a0c", "#fbbd66")
SPRITZER = Tone("#eccb63", "#d0a636", "#f7e4a2")
GRAPE = Tone("#6b2340", "#4a1329", "#94475f")
TONIC = Tone("#e8f1ea", "#c4d8ca", "#f8fcf9")
ORANGE_FRUIT = Tone("#f59a23", "#dd7d10", "#fbbd66")


def _bottle(glass: Tone, label: str) -> str:
    """A tall bottle to the left of the glass."""
    body = (
        "M-38 0H38V110C38 170 92 190 92 270V590C92 616 78 630 52 630H-52"
        "C-78 630 -92 616 -92 590V270C-92 190 -38 170 -38 110z"
    )
    return group(
        ellipse((20, 632), (130, 20), fill=INK, opacity=0.14),
        path(body, fill=glass.base),
        path(
            "M40 190C74 214 80 240 80 280V580C80 604 70 618 50 618H20C50 600 56 560 56 520"
            "V300C56 250 52 220 40 190z",
            fill=glass.shade,
            opacity=0.6,
        ),
        box((0, -14), (88, 40), corner=10, fill=label),
        box((0, 410), (184, 150), fill="#fbfaf7"),
        path("M0 350C-42 372 -48 424 0 462C48 424 42 372 0 350z", fill=label),
        path("M0 366V470", stroke="#fbfaf7", width=5),
        path("M-66 280V560", stroke=WHITE, width=14, opacity=0.5),
        at=(330, 206),
        scale=0.88,
    )


def _poured(glass: Glass, drink: Tone, *extras: str, level: float = 60, behind: str = "") -> str:
    return served(
        glass,
        glass.filled(glass.rim[0] + level, drink),
        *extras,
        ground=GROUND,
        table=TABLE,
        behind=behind,
        scale=1.12 if glass is LONG_DRINK else 1.2,
    )


def sparkling_water() -> str:
    return _poured(TUMBLER, WATER, TUMBLER.bubbles(320, 690, count=40), citrus((690, 268), 62))


def still_water() -> str:
    return _poured(TUMBLER, WATER, mint((600, 330), size=90))


def bottle_of_water() -> str:
    bottle = _bottle(Tone("#7fb3a8", "#5c938a", "#b5d8d0"), HERB)
    return _poured(
        TUMBLER,
        WATER,
        TUMBLER.bubbles(330, 690, count=40),
        level=80,
        behind=bottle,
    )


def apple_spritzer() -> str:
    apple = path(
        "M-50 -10C-50 -60 -10 -58 0 -46C10 -58 50 -60 50 -10C50 40 20 60 0 50"
        "C-20 60 -50 40 -50 -10z",
        fill=APPLE.light,
        stroke=TOMATO,
        width=9,
    ) + stamps(ellipse((0, 0), (5, 10), fill="#6b3f1e"), (((-9, 2), 15), ((9, 2), -15)))
    return _poured(
        LONG_DRINK,
        SPRITZER,
        LONG_DRINK.bubbles(260, 700, count=40),
        ice_cubes((560, 330), (640, 390)),
        group(apple, at=(704, 200), turn=14, scale=1.2),
    )


def cola() -> str:
    return _poured(
        LONG_DRINK,
        COLA,
        ice_cubes((560, 300), (640, 350), (575, 410)),
        LONG_DRINK.bubbles(250, 700, count=34, size=8),
        citrus((706, 204), 66, tone=LEMON),
    )


def _straw(colour: str) -> str:
    return path("M640 660L716 96", stroke=colour, width=20) + path(
        "M640 660L716 96", stroke=WHITE, width=5, opacity=0.5
    )


def lemonade() -> str:
    return _poured(
        LONG_DRINK,
        LEMONADE,
        _straw(HERB),
        citrus((580, 590), 82, turn=20),
        citrus((622, 430), 82),
        ice_cubes((550, 330), (650, 310), (540, 500)),
        mint((560, 262), size=96),
    )


def elderflower_lemonade() -> str:
    blossom = stamps(
        circle((-7, 0), 7, fill=WHITE)
        + circle((7, 0), 7, fill=WHITE)
        + circle((0, -7), 7, fill=WHITE)
        + circle((0, 7), 7, fill=WHITE)
        + circle((0, 0), 4, fill="#e9c94f"),
        [
            ((x, y), x)
            for x, y in (
                (540, 200),
                (566, 180),
                (590, 202),
                (560, 222),
                (528, 226),
                (606, 176),
                (584, 154),
                (552, 156),
                (524, 180),
                (616, 206),
            )
        ],
    )
    return _poured(
        LONG_DRINK,
        ELDER,
        _straw(TOMATO),
        LONG_DRINK.bubbles(270, 700, count=34),
        citrus((630, 560), 78, tone=LIME),
        ice_cubes((560, 330), (640, 400)),
        path("M570 250L566 190M560 250L540 205M575 250L600 190", stroke=LEAF.shade, width=5),
        blossom,
    )


def orange_juice() -> str:
    return _poured(TUMBLER, ORANGE, citrus((712, 262), 80, tone=ORANGE_FRUIT, turn=12), level=50)


def grape_juice() -> str:
    grapes = "".join(
        circle((x + 4, y + 5), 25, fill=INK, opacity=0.15)
        + circle((x, y), 25, fill=PLUM.base)
        + circle((x - 7, y - 8), 8, fill=PLUM.light)
        for x, y in (
            (846, 660),
            (894, 660),
            (822, 702),
            (870, 702),
            (918, 702),
            (846, 742),
            (894, 742),
        )
    )
    stalk = path("M870 650Q866 610 884 590", stroke="#6b7a3a", width=9)
    return _poured(
        TUMBLER,
        GRAPE,
        level=50,
        behind=stalk + leaf((882, 606), 90, turn=-20, breadth=0.8) + grapes,
    )


def tonic() -> str:
    return _poured(
        BALLOON,
        TONIC,
        BALLOON.bubbles(270, 540, count=40),
        ice_cubes((540, 330), (630, 360), (580, 430)),
        citrus((690, 230), 70, tone=LIME, turn=8),
        stamps(
            circle((0, 0), 11, fill=RASPBERRY.shade),
            (((540, 290), 0), ((650, 300), 0), ((600, 410), 0)),
        ),
        level=70,
    )
