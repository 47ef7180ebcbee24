from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuvo_platform.errors import DomainError
from menuvo_platform.menus.schemas import MenuItem
from menuvo_platform.menus.service import ItemUnknown
from menuvo_platform.money import Tax
from menuvo_platform.orders.pricing import (
    AllergensUnknown,
    CombinationNotSold,
    ModifierSoldOut,
    ModifierUnknown,
    QuantityInvalid,
    SoldOut,
    TooFewChoices,
    TooManyChoices,
    Totals,
    parse_quantity,
    price,
    taxes_of,
    totals,
)
from menuvo_platform.orders.schemas import Choice, PricedLine, choose
from tests.menuvo_platform.orders.menus import (
    NOW,
    READER,
    by_handle,
    group,
    item,
    modifier,
    order_lines,
    ordered,
)

pytestmark = pytest.mark.slow

RATES = {"food": 700, "drink": 1900}


def line_of(dish: MenuItem, *modifiers: str, quantity: int = 1) -> PricedLine:
    pricing = price(
        choose(dish.handle, modifiers, quantity=quantity), by_handle(dish), reader=READER, now=NOW
    )
    assert pricing.problems == ()
    assert pricing.line is not None
    return pricing.line


def problems_of(dish: MenuItem, *modifiers: str, quantity: int = 1) -> list[type[DomainError]]:
    choice = choose(dish.handle, modifiers, quantity=quantity)
    found = price(choice, by_handle(dish), reader=READER, now=NOW).problems
    return [type(problem) for problem in found]


def test_modifiers_change_the_price_of_every_piece() -> None:
    side, sauce = modifier("Spätzle", 80), modifier("Ohne Soße", -50)
    line = line_of(item("Braten", 1500, group(side, sauce)), side.handle, sauce.handle, quantity=3)
    assert (line.unit_cents, line.goods_cents) == (1530, 4590)
    assert [modifier.price_cents for modifier in line.modifiers] == [80, -50]


def test_the_cheapest_choices_of_a_group_are_free() -> None:
    dear, fair, cheap = (modifier(f"Soße {cents}", cents) for cents in (280, 120, 80))
    dish = item("Schnitzel", 1800, group(dear, fair, cheap, free=2), group(modifier("Ei", 220)))
    assert line_of(dish, dear.handle).unit_cents == 1800
    assert line_of(dish, dear.handle, cheap.handle).unit_cents == 1800
    assert line_of(dish, dear.handle, fair.handle, cheap.handle).unit_cents == 2080


def test_a_free_choice_never_makes_an_item_dearer() -> None:
    without = modifier("Ohne Beilage", -200)
    assert line_of(item("Steak", 2400, group(without, free=1)), without.handle).unit_cents == 2200


def test_a_line_keeps_names_allergens_and_age_as_they_are_now() -> None:
    cheese = modifier(
        "Käse", 100, kitchen_name="KAES", allergens=("milk",), allergen_state="listed"
    )
    dish = item(
        "Bier",
        400,
        group(cheese),
        allergens=("milk", "gluten:barley"),
        allergen_state="listed",
        minimum_age=16,
    )
    line = line_of(dish, cheese.handle)
    assert (line.name, line.first_name, line.kitchen_name) == ("Bier (en)", "Bier", "Bier")
    assert (line.modifiers[0].name, line.modifiers[0].kitchen_name) == ("Käse (en)", "KAES")
    assert line.allergens == ("gluten:barley", "milk")
    assert line.minimum_age == 16


def test_vat_goes_by_the_category_of_item_and_modifier_and_includes_the_deposit() -> None:
    shot = modifier("Schuss Sirup", 119, tax_category="drink")
    dessert = line_of(item("Eis", 1070, group(shot)), shot.handle)
    water = line_of(item("Wasser", 104, deposit_cents=15, tax_category="drink"), quantity=10)
    assert taxes_of([dessert, water], RATES) == (
        Tax(700, 1070, 70),
        Tax(1900, 119 + 1190, 209),
    )
    assert totals([dessert, water]) == Totals(pieces=11, goods_cents=2229, deposit_cents=150)


def test_what_makes_an_item_cheaper_lowers_its_own_part() -> None:
    without = modifier("Ohne Getränk", -107, tax_category="drink")
    line = line_of(item("Menü", 1177, group(without)), without.handle)
    assert taxes_of([line], RATES) == (Tax(700, 1070, 70),)


def test_a_combination_below_zero_is_not_sold() -> None:
    without, shot = modifier("Ohne", -200), modifier("Schnaps", 300, tax_category="drink")
    dish = item("Beilage", 150, group(without, shot))
    assert problems_of(dish, without.handle) == [CombinationNotSold]
    assert problems_of(dish, without.handle, shot.handle) == [CombinationNotSold]
    assert problems_of(dish, shot.handle) == []


def test_what_is_not_on_the_menu_cannot_be_priced() -> None:
    pricing = price(choose("no-such"), {}, reader=READER, now=NOW)
    assert pricing.line is None
    assert [type(problem) for problem in pricing.problems] == [ItemUnknown]


@pytest.mark.parametrize("quantity", [0, 100, -1])
def test_a_quantity_is_1_to_99(quantity: int) -> None:
    assert problems_of(item("Suppe", 600), quantity=quantity) == [QuantityInvalid]


@pytest.mark.parametrize("text", ["", "zwei", "100", "-1", "1.5", "1e1", "٣", "1 0", "+1"])
def test_a_quantity_that_is_no_number_up_to_99_is_refused(text: str) -> None:
    with pytest.raises(QuantityInvalid):
        parse_quantity(text)


def test_a_quantity_of_a_form_is_read() -> None:
    assert [parse_quantity(text) for text in ("0", " 7 ", "99")] == [0, 7, 99]


def test_sold_out_is_a_problem_until_it_ends_and_the_line_keeps_its_price() -> None:
    until = NOW + timedelta(hours=1)
    soup = item("Suppe", 600, sold_out_until=until, sold_out_since=NOW)
    pricing = price(choose(soup.handle), by_handle(soup), reader=READER, now=NOW)
    assert [problem.facts for problem in pricing.problems] == [{"item": "Suppe (en)"}]
    assert pricing.line is not None
    assert problems_of(soup) == [SoldOut]
    assert price(choose(soup.handle), by_handle(soup), reader=READER, now=until).problems == ()


def test_modifiers_must_exist_and_be_there() -> None:
    bread = modifier("Brot", sold_out_since=NOW)
    soup = item("Suppe", 600, group(bread))
    assert problems_of(soup, bread.handle) == [ModifierSoldOut]
    assert problems_of(soup, "no-such") == [ModifierUnknown]


def test_a_modifier_of_another_item_is_unknown() -> None:
    cream, steak = modifier("Sahne"), item("Steak", 2400)
    cake = item("Kuchen", 400, group(cream))
    choice = choose(steak.handle, [cream.handle])
    pricing = price(choice, by_handle(steak, cake), reader=READER, now=NOW)
    assert [type(problem) for problem in pricing.problems] == [ModifierUnknown]


def test_what_has_unknown_allergens_cannot_be_ordered() -> None:
    secret = modifier("Hausgewürz", allergen_state="unknown")
    assert problems_of(item("Suppe", 600, allergen_state="unknown")) == [AllergensUnknown]
    soup = item("Suppe", 600, group(secret))
    assert problems_of(soup, secret.handle) == [AllergensUnknown]
    assert problems_of(soup) == []


def test_a_group_has_a_least_and_a_most() -> None:
    sides = [modifier(name) for name in ("Pommes", "Reis", "Salat")]
    offered = group(*sides, least=1, most=2)
    steak = item("Steak", 2400, offered)
    assert problems_of(steak) == [TooFewChoices]
    assert problems_of(steak, *(side.handle for side in sides)) == [TooManyChoices]
    assert problems_of(steak, sides[0].handle, sides[1].handle) == []
    (problem,) = price(choose(steak.handle), by_handle(steak), reader=READER, now=NOW).problems
    assert isinstance(problem, TooFewChoices)
    assert problem.group_id == offered.id
    assert problem.facts == {"item": "Steak (en)", "group": "Choice", "least": 1}


def test_no_more_is_required_than_there_is_to_choose_from() -> None:
    gone, hidden = (
        modifier("Pommes", sold_out_since=NOW),
        modifier("Reis", allergen_state="unknown"),
    )
    left = modifier("Salat")
    assert problems_of(item("Steak", 2400, group(gone, hidden, least=1, most=1))) == []
    steak = item("Steak", 2400, group(gone, left, least=2, most=2))
    assert problems_of(steak) == [TooFewChoices]
    assert problems_of(steak, left.handle) == []


def test_the_same_modifier_twice_is_chosen_once() -> None:
    assert choose("a", ["z", "b", "z"]) == Choice("a", ("b", "z"))


@given(ordered(), st.randoms(use_true_random=False))
def test_the_order_of_modifiers_does_not_matter(
    dish_and_choice: tuple[MenuItem, Choice], random: Random
) -> None:
    dish, choice = dish_and_choice
    shuffled = list(choice.modifiers)
    random.shuffle(shuffled)
    again = choose(dish.handle, shuffled, quantity=choice.quantity)
    unsorted = Choice(dish.handle, tuple(shuffled), choice.quantity)
    first = price(choice, by_handle(dish), reader=READER, now=NOW)
    assert price(again, by_handle(dish), reader=READER, now=NOW).line == first.line
    other = price(unsorted, by_handle(dish), reader=READER, now=NOW).line
    assert other is not None
    assert first.line is not None
    assert other.modifiers == first.line.modifiers


@given(order_lines())
def test_the_total_is_the_sum_of_its_lines(lines: list[PricedLine]) -> None:
    found = totals(lines)
    assert found.total_cents == sum(line.total_cents for line in lines)
    assert found.goods_cents == sum(line.quantity * line.unit_cents for line in lines)
    assert found.pieces == sum(line.quantity for line in lines)


@given(order_lines())
def test_nothing_is_ever_negative(lines: list[PricedLine]) -> None:
    assert all(line.unit_cents >= 0 and line.deposit_cents >= 0 for line in lines)
    assert totals(lines).total_cents >= 0
    for tax in taxes_of(lines, RATES):
        assert min(tax.gross_cents, tax.net_cents, tax.vat_cents) >= 0


@given(order_lines(), st.sampled_from([RATES, {"food": 810, "drink": 810}]))
def test_net_and_vat_over_all_rates_are_the_total(
    lines: list[PricedLine], rates: dict[str, int]
) -> None:
    found = taxes_of(lines, rates)
    assert sum(tax.net_cents + tax.vat_cents for tax in found) == totals(lines).total_cents


@given(ordered())
def test_free_choices_never_make_an_item_dearer(
    dish_and_choice: tuple[MenuItem, Choice],
) -> None:
    dish, choice = dish_and_choice
    full_price = dish.price_cents + sum(
        modifier.price_cents
        for offered in dish.groups
        for modifier in offered.modifiers
        if modifier.handle in choice.modifiers
    )
    line = price(choice, by_handle(dish), reader=READER, now=NOW).line
    assert line is not None
    assert line.unit_cents <= full_price
