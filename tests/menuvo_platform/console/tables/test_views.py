import re

from menuvo_platform.console.tables.qr import draw_code
from menuvo_platform.console.tables.views import table_card, zones
from menuvo_platform.ids import new_id
from menuvo_platform.stores.tables.schemas import Table


def table(name: str, zone: str) -> Table:
    return Table(id=new_id(), name=name, zone=zone, token=f"token{name}", active=True)


def test_a_card_shows_an_address_without_its_secret() -> None:
    card = table_card(table("1", "Garten"), "https://menu.example", "lindenhof")
    assert card.address == "https://menu.example/q/token1"
    assert card.shown == "menu.example/lindenhof"


def test_zones_come_in_the_order_of_their_first_table() -> None:
    cards = [
        table_card(table(name, zone), "https://menu.example", "lindenhof")
        for name, zone in (("1", "Stube"), ("2", "Garten"), ("3", "Stube"))
    ]
    found = [(zone.name, [card.name for card in zone.tables]) for zone in zones(cards)]
    assert found == [("Stube", ["1", "3"]), ("Garten", ["2"])]


def test_a_code_is_black_on_white_and_names_no_style() -> None:
    drawing = draw_code("https://menu.example/q/token").decode()
    assert drawing.startswith("<svg")
    assert 'fill="#fff"' in drawing
    assert 'stroke="#000"' in drawing
    assert "style=" not in drawing


def test_a_code_has_the_margin_that_readers_look_for_and_no_size_of_its_own() -> None:
    drawing = draw_code("https://menu.example/q/token").decode()
    size = re.search(r'<svg [^>]*viewBox="0 0 (\d+) \1"', drawing)
    begins = re.search(r'stroke="#000" d="M4 4\.5h7', drawing)
    assert size
    assert begins
    assert (int(size[1]) - 4 - 4 - 17) % 4 == 0  # what is left is as wide as a code can be
    assert "width=" not in drawing
