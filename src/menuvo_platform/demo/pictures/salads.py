from menuvo_platform.demo.pictures.arrangement import strewn
from menuvo_platform.demo.pictures.crockery import plated, stoneware
from menuvo_platform.demo.pictures.drawing import CENTRE, box, canvas, path, stamps
from menuvo_platform.demo.pictures.herbs import chives, specks
from menuvo_platform.demo.pictures.palette import (
    BACON,
    CARROT,
    CHEESE,
    CREAM,
    CRUST,
    HERB,
    HONEY,
    INK,
    LEAF,
    POULTRY,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import mound, slab, strands
from menuvo_platform.demo.pictures.sides import lambs_lettuce, lettuce, squiggles
from menuvo_platform.demo.pictures.slices import (
    cucumber_slice,
    egg_half,
    onion_rings,
    radish_slice,
    tomato_half,
    walnut,
)

CROUTON = Tone("#dba355", "#ad7430", "#f0c98b")
LYONER = Tone("#e7a596", "#c97d70", "#f4c6bb")


def green_salad() -> str:
    return canvas(
        stoneware(),
        lettuce(CENTRE, (215, 210), count=21, size=100),
        stamps(
            cucumber_slice((0, 0), 58), strewn((610, 450), (185, 180), count=7, seed=2, spread=9)
        ),
        stamps(tomato_half((0, 0), 50), strewn((595, 455), (200, 195), count=6, seed=4, spread=30)),
        stamps(radish_slice((0, 0), 38), strewn(CENTRE, (215, 210), count=7, seed=7, spread=9)),
        chives(CENTRE, (200, 195), count=22),
        background=HONEY,
    )


def lambs_lettuce_salad() -> str:
    """Feldsalat with bacon and Kracherle, the croutons of Baden."""
    return canvas(
        stoneware(),
        lambs_lettuce(CENTRE, (235, 230), count=34),
        stamps(slab((0, 0), (76, 26), tone=BACON, corner=8), strewn(CENTRE, (205, 200), count=11)),
        stamps(
            slab((0, 0), (48, 44), tone=CROUTON, corner=6),
            strewn(CENTRE, (215, 210), count=13, seed=6),
        ),
        background=HONEY,
    )


def turkey_salad() -> str:
    strip = slab((0, 0), (150, 50), tone=POULTRY, corner=22) + path(
        "M-40 -18l16 36M-6 -20l16 38M28 -19l16 36", stroke=POULTRY.shade, width=8
    )
    return plated(
        lettuce(CENTRE, (185, 180), count=15, size=84),
        strands(squiggles((470, 570), (80, 60), count=26, seed=4), 9, tone=CARROT),
        *(tomato_half(at, 46) for at in ((385, 420), (760, 540), (690, 620), (800, 430))),
        *(cucumber_slice(at, 54) for at in ((480, 330), (415, 345), (730, 330))),
        stamps(strip, strewn((600, 430), (150, 120), count=9, seed=2, spread=60)),
        specks((600, 440), (190, 170), tone=Tone(HERB, HERB, "#fff"), count=26, size=9),
        background=HONEY,
    )


def goat_cheese_salad() -> str:
    toast = (
        mound((0, 0), (98, 92), tone=CRUST, wobble=0.04)
        + mound((0, -4), (74, 70), tone=CREAM, seed=3, wobble=0.05)
        + path("M-50 -30Q0 -60 46 -24M-40 26Q0 50 48 20", stroke="#e2a33a", width=11, opacity=0.9)
    )
    return plated(
        lambs_lettuce(CENTRE, (215, 205), count=24, seed=4),
        stamps(walnut(), strewn(CENTRE, (215, 205), count=10, seed=9)),
        stamps(toast, (((500, 390), 0), ((700, 420), 25), ((585, 570), -20))),
        stamps(tomato_half((0, 0), 40), (((400, 510), 0), ((730, 570), 20), ((600, 290), 50))),
        background=HONEY,
    )


def sausage_salad() -> str:
    """Wurstsalat: strips of sausage and cheese, gherkin and onion."""
    strips = [
        (
            count,
            box((3, 5), (124, 24), corner=5, fill=INK, opacity=0.12)
            + box((0, 0), (124, 24), corner=5, fill=tone.shade)
            + box((-1, -3), (121, 17), corner=4, fill=tone.base),
        )
        for tone, count in ((LEAF, 8), (LYONER, 30), (CHEESE, 14))
    ]
    return plated(
        *(
            stamps(strip, strewn((590, 460), (200, 180), count=count, seed=count))
            for count, strip in strips
        ),
        onion_rings((590, 460), size=105, count=6, seed=3),
        egg_half((430, 610), turn=-20),
        egg_half((760, 330), turn=25),
        chives((590, 460), (190, 170), count=36),
        radish_slice((760, 590), 40),
        radish_slice((700, 630), 40),
        background=HONEY,
    )
