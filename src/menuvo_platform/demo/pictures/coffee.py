"""Hot drinks: cups from above, glasses from the front."""

from menuvo_platform.demo.pictures.arrangement import polar
from menuvo_platform.demo.pictures.crockery import spoon
from menuvo_platform.demo.pictures.drawing import (
    Point,
    box,
    canvas,
    circle,
    ellipse,
    group,
    open_curve,
    path,
    stamps,
)
from menuvo_platform.demo.pictures.herbs import leaf, specks
from menuvo_platform.demo.pictures.palette import (
    CHOCOLATE,
    CREMA,
    CRUST,
    DEEP_LEAF,
    ESPRESSO,
    HERB,
    INK,
    MILK_COFFEE,
    PORCELAIN,
    Tone,
)
from menuvo_platform.demo.pictures.shapes import slab
from menuvo_platform.demo.pictures.sweets import cream_rosette

COFFEE_GROUND = "#dcc7ad"
FOAM = "#fbefdb"
TEA = Tone("#b9622a", "#8e4517", "#dd9759")
MINT_TEA = Tone("#cfd58a", "#a9b35c", "#e8ecbf")


def cup(contents: Tone, *art: str, size: float = 1) -> str:
    """A cup on its saucer; `art` is drawn around the cup's middle."""
    middle: Point = (590, 450)
    radius = 225 * size
    handle = group(
        box((radius + 34, 0), (110, 70), corner=34, fill=PORCELAIN.shade),
        box((radius + 32, -4), (104, 56), corner=28, fill=PORCELAIN.base),
        at=middle,
        turn=-28,
    )
    return canvas(
        circle((616, 480), 365, fill=INK, opacity=0.15),
        circle((600, 455), 365, fill=PORCELAIN.shade),
        circle((598, 450), 360, fill=PORCELAIN.base),
        circle((600, 455), 342, stroke=HERB, width=4, opacity=0.75),
        circle((600, 455), 262 * size + 12, fill=PORCELAIN.shade),
        circle((612, 478), radius + 4, fill=INK, opacity=0.16),
        handle,
        spoon((845, 560), turn=28, scale=1.05),
        circle(middle, radius, fill=PORCELAIN.shade),
        circle((588, 447), radius - 4, fill=PORCELAIN.light),
        circle(middle, radius * 0.88, fill=contents.shade),
        circle((593, 454), radius * 0.86, fill=contents.base),
        group(*art, at=middle),
        background=COFFEE_GROUND,
    )


def espresso() -> str:
    ring = [polar((0, 0), (104, 104), degrees=a) for a in range(150, 300, 25)]
    biscuit = slab((0, 0), (90, 58), tone=CRUST, corner=14)
    return cup(
        CREMA,
        circle((4, 6), 96, fill=ESPRESSO.light, opacity=0.65),
        circle((8, 12), 62, fill=ESPRESSO.base, opacity=0.55),
        path(open_curve(ring), stroke=CREMA.light, width=12, opacity=0.8),
        specks((0, 0), (92, 92), tone=CREMA, count=30, size=7),
        group(biscuit, at=(-230, 130), turn=-24),
        size=0.66,
    )


def cappuccino() -> str:
    """With a rosetta poured into the foam."""
    ribs = "".join(
        f"M0 {y}C{-w} {y - 10} {-w - 20} {y - 46} {-w * 0.6:.0f} {y - 64}"
        f"C{-w * 0.4:.0f} {y - 30} -20 {y - 24} 0 {y - 20}"
        f"C20 {y - 24} {w * 0.4:.0f} {y - 30} {w * 0.6:.0f} {y - 64}"
        f"C{w + 20} {y - 46} {w} {y - 10} 0 {y}z"
        for y, w in ((128, 110), (78, 104), (28, 88), (-20, 66))
    )
    heart = (
        "M0 -46C-30 -78 -64 -110 -36 -134C-18 -148 0 -132 0 -118C0 -132 18 -148 36 -134"
        "C64 -110 30 -78 0 -46z"
    )
    return cup(
        MILK_COFFEE._replace(base="#b67a45", shade="#925a2b"),
        circle((0, 2), 178, fill="#c48a55"),
        path(ribs, fill=FOAM),
        path(heart, fill=FOAM),
        path("M0 140V-60", stroke="#c48a55", width=7),
    )


def coffee() -> str:
    bubbles = [(polar((0, 0), (168, 168), degrees=a), 0.0) for a in (20, 32, 150, 162, 171)]
    glint = [polar((0, 0), (140, 140), degrees=a) for a in (190, 212, 234, 256)]
    return cup(
        ESPRESSO,
        stamps(circle((0, 0), 9, stroke=CREMA.base, width=4), bubbles),
        path(open_curve(glint), stroke="#fff", width=12, opacity=0.35),
        size=0.95,
    )


def hot_chocolate() -> str:
    return cup(
        CHOCOLATE,
        cream_rosette((0, 0), 118),
        specks((0, 0), (110, 105), tone=CHOCOLATE, count=46, size=10),
        slab((120, 90), (70, 26), tone=CHOCOLATE, turn=-35, corner=4),
    )


def _glass(*inside: str, shine: bool = True) -> str:
    """A tall handled glass from the front, on its saucer; it is empty between y 190 and 690."""
    marks = [
        box((600, 815), (1200, 190), fill="#cbb292"),
        ellipse((618, 760), (270, 34), fill=INK, opacity=0.15),
        ellipse((600, 748), (265, 32), fill=PORCELAIN.shade),
        ellipse((600, 741), (262, 29), fill=PORCELAIN.base),
        ellipse((600, 741), (240, 24), stroke=HERB, width=4, opacity=0.7),
        path("M745 330C860 310 870 560 722 580", stroke="#fff", width=26, opacity=0.65),
        path(
            "M440 170H760L722 690C720 722 700 735 670 735H530C500 735 480 722 478 690z",
            fill="#fff",
            opacity=0.55,
        ),
        *inside,
    ]
    if shine:
        marks.append(path("M486 240L508 640", stroke="#fff", width=18, opacity=0.5))
    marks.append(path("M440 170H760", stroke="#fff", width=10, opacity=0.9))
    return canvas(*marks, background=COFFEE_GROUND)


def _layer(top: float, bottom: float, *, colour: str) -> str:
    """A layer of liquid between two heights of the glass."""

    def wall(y: float) -> float:
        return 152 - (y - 170) * 0.073

    a, b = wall(top), wall(bottom)
    return path(
        f"M{600 - a:.0f} {top:.0f}H{600 + a:.0f}L{600 + b:.0f} {bottom:.0f}H{600 - b:.0f}z",
        fill=colour,
    )


def latte_macchiato() -> str:
    steps = ("#b98552", "#c4925f", "#d2a676", "#e0bd93", "#eed5b4")
    return _glass(
        _layer(200, 300, colour=FOAM),
        *(_layer(300 + n * 34, 336 + n * 34, colour=colour) for n, colour in enumerate(steps)),
        _layer(470, 715, colour="#f8ead2"),
        path("M449 206C470 150 540 168 570 150S680 150 700 168S750 180 752 206z", fill="#fff8ec"),
        specks((600, 178), (110, 12), tone=CHOCOLATE, count=16, size=7),
    )


def black_tea() -> str:
    tag = group(
        path("M0 0Q60 -40 96 60", stroke="#fff", width=5),
        box((100, 110), (76, 92), corner=8, fill=HERB),
        path("M80 120C84 92 108 84 122 88C122 116 106 130 80 128z", fill="#dfe8cf"),
        at=(752, 178),
    )
    return _glass(
        _layer(250, 715, colour=TEA.base),
        ellipse((600, 250), (146, 12), fill=TEA.light),
        path("M590 170V430", stroke="#fff", width=4, opacity=0.8),
        path("M540 430H640L660 560H520z", fill="#7b3a12", opacity=0.75),
        tag,
    )


def mint_tea() -> str:
    sprigs = (
        ((600, 660), -95.0),
        ((570, 640), -120.0),
        ((630, 640), -62.0),
        ((560, 540), -150.0),
        ((640, 540), -30.0),
        ((600, 520), -90.0),
        ((560, 430), -130.0),
        ((640, 420), -48.0),
    )
    return _glass(
        _layer(240, 715, colour=MINT_TEA.base),
        ellipse((600, 240), (147, 12), fill=MINT_TEA.light),
        path("M600 700Q588 460 604 190", stroke=DEEP_LEAF.shade, width=8),
        stamps(leaf((0, 0), 112, breadth=0.62), sprigs),
        stamps(
            leaf((0, 0), 104, tone=DEEP_LEAF, breadth=0.66),
            (((600, 250), -150), ((604, 240), -35), ((602, 230), -92)),
        ),
    )
