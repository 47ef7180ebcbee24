import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
import pyvips

from menuvo_platform.demo.content import load_demo
from menuvo_platform.demo.pictures import PICTURES, logo, picture

SVG = "{http://www.w3.org/2000/svg}"
PAINTED = {"circle", "ellipse", "path", "rect"}
ALLOWED = {f"{SVG}{tag}" for tag in PAINTED | {"svg", "g", "defs", "use"}}
NUMBERS = {"x", "y", "cx", "cy", "r", "rx", "ry", "width", "height", "stroke-width", "opacity"}
KEYS = sorted(PICTURES)


def shrunk_pixels(svg: str) -> bytes:
    image: pyvips.Image = pyvips.Image.svgload_buffer(svg.encode(), scale=0.05)
    return bytes(image.write_to_memory())


@pytest.mark.parametrize("key", KEYS)
def test_a_picture_is_small_and_the_same_at_every_drawing(key: str) -> None:
    assert picture(key) == picture(key)
    assert len(picture(key).encode()) < 20_000


@pytest.mark.parametrize("key", KEYS)
def test_a_picture_is_well_formed_and_made_of_shapes_alone(key: str) -> None:
    root = ET.fromstring(picture(key))

    assert root.attrib["viewBox"] == "0 0 1200 900"
    assert {element.tag for element in root.iter()} <= ALLOWED


@pytest.mark.parametrize("key", KEYS)
def test_a_picture_points_at_nothing_outside_itself(key: str) -> None:
    root = ET.fromstring(picture(key))
    names = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    targets = {element.attrib["href"] for element in root.iter(f"{SVG}use")}

    assert max(Counter(names).values(), default=1) == 1
    assert targets == {f"#{name}" for name in names}
    assert not re.search(r"url\(|https?:(?!//www\.w3\.org/2000/svg)|data:|style=", picture(key))


@pytest.mark.parametrize("key", KEYS)
def test_a_picture_has_no_broken_number(key: str) -> None:
    for element in ET.fromstring(picture(key)).iter():
        for name in NUMBERS & element.attrib.keys():
            assert re.fullmatch(r"-?\d+(\.\d+)?", element.attrib[name]), ET.tostring(element)
        assert re.fullmatch(r"[-\d. MLHVCSQTAZmlhvcsqtaz]*", element.attrib.get("d", ""))


@pytest.mark.parametrize("key", KEYS)
def test_every_painted_shape_has_a_colour(key: str) -> None:
    for element in ET.fromstring(picture(key)).iter():
        if element.tag.removeprefix(SVG) in PAINTED:
            paint = {element.attrib["fill"], element.attrib.get("stroke", "none")} - {"none"}
            assert paint, ET.tostring(element)
            assert all(re.fullmatch(r"#([0-9a-f]{3}){1,2}", colour) for colour in paint)


def test_no_two_pictures_look_the_same() -> None:
    seen = {shrunk_pixels(picture(key)): key for key in KEYS}

    assert len(seen) == len(KEYS) >= 35


def test_the_menu_shows_every_picture_and_only_those() -> None:
    items = [item for category in load_demo().categories for item in category.items]
    shown = [item.picture for item in items if item.picture]

    assert len(shown) >= 60
    assert set(shown) == set(PICTURES)


def test_an_unknown_picture_is_refused() -> None:
    with pytest.raises(KeyError, match="stone-soup"):
        picture("stone-soup")


def test_the_logo_is_a_small_square_drawing() -> None:
    root = ET.fromstring(logo())
    image: pyvips.Image = pyvips.Image.svgload_buffer(logo().encode())

    assert {element.tag for element in root.iter()} <= ALLOWED
    assert (image.width, image.height) == (240, 240)
    assert len(logo()) < 3_000
