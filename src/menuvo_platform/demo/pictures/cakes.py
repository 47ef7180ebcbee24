"""Slices of cake from the side."""

from menuvo_platform.demo.pictures.arrangement import strewn
from menuvo_platform.demo.pictures.drawing import box, canvas, ellipse, path, stamps
from menuvo_platform.demo.pictures.herbs import mint, specks
from menuvo_platform.demo.pictures.palette import (
    CHERRY,
    CHOCOLATE,
    CREAM,
    CRUST,
    HERB,
    INK,
    PORCELAIN,
    ROSE,
    ROSE_TABLE,
    SPONGE,
    WHITE,
    Tone,
)
from menuvo_platform.demo.pictures.sweets import berry, cream_rosette, raspberry


def _slice_of_cake(layers: tuple[tuple[str, float], ...], top: Tone, *, crown: str) -> str:
    """A wedge from the side: its layers from below, each with a height, under its top."""
    marks: list[str] = []
    floor = 640.0
    for colour, height in layers:
        marks.append(path(f"M330 {floor:.0f}H870V{floor - height:.0f}H330z", fill=colour))
        floor -= height
    back = f"M330 {floor:.0f}L560 {floor - 120:.0f}L870 {floor:.0f}z"
    return canvas(
        box((600, 790), (1200, 260), fill=ROSE_TABLE),
        ellipse((612, 700), (400, 74), fill=INK, opacity=0.13),
        ellipse((600, 672), (400, 76), fill=PORCELAIN.shade),
        ellipse((600, 664), (398, 72), fill=PORCELAIN.base),
        ellipse((600, 664), (372, 64), stroke=HERB, width=4, opacity=0.7),
        ellipse((610, 650), (300, 34), fill=INK, opacity=0.12),
        *marks,
        path(f"M330 640V{floor:.0f}H352V640z", fill=WHITE, opacity=0.25),
        path(back, fill=top.shade),
        path(f"M348 {floor - 2:.0f}L560 {floor - 110:.0f}L846 {floor - 2:.0f}z", fill=top.base),
        crown,
        background=ROSE,
    )


def black_forest_cake() -> str:
    cherries = "".join(
        berry((x, y), 17, tone=CHERRY)
        for x, y in ((400, 500), (480, 506), (560, 498), (650, 505), (730, 499), (810, 504))
    )
    shavings = stamps(
        box((0, 0), (40, 9), corner=4, fill=CHOCOLATE.base),
        strewn((590, 310), (170, 34), count=26, seed=3),
    )
    crown = (
        cherries
        + shavings
        + cream_rosette((640, 296), 82)
        + berry((640, 236), 42, tone=CHERRY)
        + path("M646 200Q660 150 710 136", stroke="#5a7a35", width=8)
    )
    layers = (
        (SPONGE.shade, 10.0),
        (SPONGE.base, 66),
        (CREAM.base, 34),
        (CHERRY.base, 20),
        (CREAM.base, 30),
        (SPONGE.base, 62),
        (CREAM.base, 52),
        (SPONGE.base, 26),
        (CREAM.shade, 8),
    )
    return _slice_of_cake(layers, CREAM, crown=crown)


def cheesecake() -> str:
    crown = (
        specks((580, 372), (110, 22), tone=Tone("#c98743", "#c98743", "#e9bb77"), count=18, size=9)
        + mint((640, 360), size=58)
        + stamps(raspberry(34), (((560, 365), 0), ((612, 380), 30), ((500, 388), 60)))
    )
    layers = (
        (CRUST.shade, 10.0),
        (CRUST.base, 34),
        ("#fbe9b8", 172),
        ("#f4d68f", 16),
        ("#d59a4c", 14),
    )
    return _slice_of_cake(layers, Tone("#dba655", "#bd8438", "#efcb8c"), crown=crown)
