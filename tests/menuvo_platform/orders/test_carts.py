import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_token
from menuvo_platform.menus.models import Item
from menuvo_platform.menus.service import ItemUnknown
from menuvo_platform.orders.carts import (
    MOST_LINES,
    MOST_REMEMBERED,
    CartFull,
    CartLines,
    CartView,
    add_to_cart,
    change_quantity,
    view_cart,
    with_choice,
    with_quantity,
    without,
)
from menuvo_platform.orders.models import Cart
from menuvo_platform.orders.notes import NoteTooLong
from menuvo_platform.orders.pricing import QuantityInvalid, SoldOut, TooFewChoices
from menuvo_platform.orders.schemas import Choice, Reader, choose
from menuvo_platform.stores.service import get_store
from tests.menuvo_platform import rows
from tests.menuvo_platform.menus import dishes

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
READER = Reader("en", ("de", "en"))


async def add(
    sessions: Sessions,
    store: rows.StoreRow,
    choice: Choice,
    token: str | None = None,
    *,
    key: str | None = None,
) -> CartView:
    """With a key of its own, as a page that was opened for it has."""
    async with transaction(sessions, store.merchant_id) as session:
        view = await get_store(session, store.id, NOW)
        return await add_to_cart(
            session, view, choice, key=key or new_token(), token=token, reader=READER, now=NOW
        )


async def look(sessions: Sessions, store: rows.StoreRow, token: str | None) -> CartView:
    async with transaction(sessions, store.merchant_id) as session:
        view = await get_store(session, store.id, NOW)
        return await view_cart(session, view, token=token, reader=READER, now=NOW)


async def set_quantity(
    sessions: Sessions, store: rows.StoreRow, token: str | None, line_id: str, quantity: int
) -> CartView:
    async with transaction(sessions, store.merchant_id) as session:
        view = await get_store(session, store.id, NOW)
        return await change_quantity(
            session, view, line_id, quantity, token=token, reader=READER, now=NOW
        )


async def test_the_first_dish_makes_a_cart_and_equal_ones_join(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600, deposit_cents=15)
    cart = await add(sessions, ours, choose(soup.handle))
    again = await add(sessions, ours, choose(soup.handle, quantity=2), cart.token)
    assert again.token == cart.token
    other = await add(sessions, ours, choose(soup.handle, note="ohne Brot"), cart.token)
    assert [(line.choice.quantity, line.choice.note) for line in other.lines] == [
        (3, ""),
        (1, "ohne Brot"),
    ]
    assert (other.totals.pieces, other.totals.total_cents) == (4, 4 * 615)
    assert other == await look(sessions, ours, cart.token)


async def test_a_press_that_is_repeated_is_counted_once_however_late(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    cake = await dishes.add_item(owner_sessions, ours, "Kuchen", 400)
    cart = await add(sessions, ours, choose(cake.handle))
    key = new_token()
    presses = (add(sessions, ours, choose(soup.handle), cart.token, key=key) for _ in range(8))
    for seen in await asyncio.gather(*presses):
        assert [line.choice.quantity for line in seen.lines] == [1, 1]
    line_id = (await look(sessions, ours, cart.token)).lines[1].id
    await set_quantity(sessions, ours, cart.token, line_id, 0)
    await dishes.change(owner_sessions, Item, soup, sold_out_since=NOW)
    again = await add(sessions, ours, choose(soup.handle), cart.token, key=key)
    assert [line.choice.item for line in again.lines] == [cake.handle]


async def test_pages_opened_twice_are_two_pieces(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    cart = await add(sessions, ours, choose(soup.handle), key="one")
    again = await add(sessions, ours, choose(soup.handle), cart.token, key="two")
    assert [line.choice.quantity for line in again.lines] == [2]


async def test_a_repeat_that_wishes_something_else_takes_the_place_of_the_first(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    plain, wish = choose(soup.handle), choose(soup.handle, quantity=2, note="ohne Sellerie")
    cart = await add(sessions, ours, plain)
    await add(sessions, ours, plain, cart.token, key="page")
    changed = await add(sessions, ours, wish, cart.token, key="page")
    assert [line.choice for line in changed.lines] == [plain, wish]
    assert changed == await add(sessions, ours, wish, cart.token, key="page")
    for line in changed.lines:
        await set_quantity(sessions, ours, cart.token, line.id, 0)
    back = await add(sessions, ours, plain, cart.token, key="page")
    assert [line.choice for line in back.lines] == [plain]


async def test_a_cart_remembers_the_last_presses_and_not_all_of_them(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    cart = await add(sessions, ours, choose(soup.handle))
    for _ in range(MOST_REMEMBERED + 2):
        await add(sessions, ours, choose(soup.handle), cart.token)
    async with transaction(sessions, ours.merchant_id) as session:
        added = await session.scalar(select(Cart.added).where(Cart.token == cart.token))
    assert added is not None
    assert len(added) == MOST_REMEMBERED


async def test_a_cart_is_of_one_store_and_its_token_is_always_ours(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours, theirs = await rows.add_store(owner_sessions), await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    stew = await dishes.add_item(owner_sessions, theirs, "Eintopf", 700)
    chosen = new_token()
    cart = await add(sessions, ours, choose(soup.handle), chosen)
    assert cart.token not in {None, chosen}
    other = await add(sessions, theirs, choose(stew.handle), cart.token)
    assert other.token != cart.token
    for token in (None, chosen, "", "nul\x00", other.token):
        assert await look(sessions, ours, token) == CartView(None, ())
        assert await set_quantity(sessions, ours, token, "a", 1) == CartView(None, ())
    with pytest.raises(ItemUnknown):
        await add(sessions, ours, choose(stew.handle), cart.token)


async def test_what_cannot_be_ordered_does_not_get_into_a_cart(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600, sold_out_since=NOW)
    steak = await dishes.add_item(owner_sessions, ours, "Steak", 2400)
    sides = await dishes.add_group(owner_sessions, ours, [steak], least=1)
    await dishes.add_modifier(owner_sessions, ours, sides, "Pommes")
    for choice, error in (
        (choose(soup.handle), SoldOut),
        (choose(steak.handle), TooFewChoices),
        (choose("nul\x00"), ItemUnknown),
    ):
        with pytest.raises(error):
            await add(sessions, ours, choice)
    async with transaction(sessions, ours.merchant_id) as session:
        assert await session.scalar(select(func.count(Cart.id))) == 0
    with pytest.raises(NoteTooLong):
        choose(soup.handle, note="x" * 501)


async def test_a_quantity_changes_and_zero_removes_and_two_taps_are_one(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    cart = await add(sessions, ours, choose(soup.handle))
    line_id = cart.lines[0].id
    assert (await set_quantity(sessions, ours, cart.token, line_id, 99)).totals.pieces == 99
    for quantity in (-1, 100):
        with pytest.raises(QuantityInvalid):
            await set_quantity(sessions, ours, cart.token, line_id, quantity)
    with pytest.raises(QuantityInvalid):
        await add(sessions, ours, choose(soup.handle), cart.token)
    assert (await look(sessions, ours, cart.token)).totals.pieces == 99
    for _ in range(2):
        emptied = await set_quantity(sessions, ours, cart.token, line_id, 0)
        assert (emptied.lines, emptied.totals.total_cents) == ((), 0)


async def test_a_line_says_what_happened_to_it_and_is_left_out_of_the_total(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup, cake, tea = [
        await dishes.add_item(owner_sessions, ours, name, cents)
        for name, cents in (("Suppe", 600), ("Kuchen", 400), ("Tee", 300))
    ]
    cart = await add(sessions, ours, choose(soup.handle))
    for dish in (cake, tea):
        await add(sessions, ours, choose(dish.handle), cart.token)
    await dishes.change(owner_sessions, Item, soup, sold_out_since=NOW)
    await dishes.change(owner_sessions, Item, cake, active=False)
    await dishes.change(owner_sessions, Item, tea, price_cents=350)
    seen = await look(sessions, ours, cart.token)
    assert [[type(problem) for problem in line.problems] for line in seen.lines] == [
        [SoldOut],
        [ItemUnknown],
        [],
    ]
    assert [line.line and line.line.name for line in seen.lines] == ["Suppe (en)", None, "Tee (en)"]
    assert (seen.totals.pieces, seen.totals.total_cents) == (1, 350)


async def test_taps_at_the_same_time_are_all_counted(
    sessions: Sessions, owner_sessions: Sessions
) -> None:
    ours = await rows.add_store(owner_sessions)
    soup = await dishes.add_item(owner_sessions, ours, "Suppe", 600)
    cart = await add(sessions, ours, choose(soup.handle))
    await asyncio.gather(*(add(sessions, ours, choose(soup.handle), cart.token) for _ in range(20)))
    seen = await look(sessions, ours, cart.token)
    assert [line.choice.quantity for line in seen.lines] == [21]


def test_a_cart_holds_fifty_lines() -> None:
    lines: CartLines = ()
    for n in range(MOST_LINES):
        lines = with_choice(lines, choose(f"item{n}"))
    with pytest.raises(CartFull):
        with_choice(lines, choose("another"))
    assert len(with_choice(lines, choose("item7"))) == MOST_LINES


def test_an_order_takes_its_pieces_out_and_leaves_the_rest() -> None:
    lines = with_choice(with_choice((), choose("soup", quantity=3)), choose("cake"))
    rest = without(lines, [choose("soup", quantity=2), choose("cake")])
    assert rest is not None
    assert [line.choice for line in rest] == [choose("soup")]
    assert without(lines, [choose("soup", quantity=4)]) is None
    assert without(rest, [choose("cake")]) is None


kinds = st.builds(
    choose,
    st.sampled_from(["a", "b"]),
    st.lists(st.sampled_from(["x", "y", "z"])),
    note=st.sampled_from(["", " warm "]),
)


@given(st.lists(kinds, max_size=40))
def test_no_piece_is_lost_and_no_kind_stands_twice(choices: list[Choice]) -> None:
    lines: CartLines = ()
    for choice in choices:
        lines = with_choice(lines, choice)
    assert sum(line.choice.quantity for line in lines) == len(choices)
    assert len({line.choice.kind for line in lines}) == len(lines)
    assert without(lines, [line.choice for line in lines]) == ()


class CartBesideAModel(RuleBasedStateMachine):
    """Whatever is tapped in whatever order, a cart counts as a dictionary of kinds would."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: CartLines = ()
        self.model: dict[tuple[str, tuple[str, ...], str], int] = {}

    @rule(choice=kinds)
    def add(self, choice: Choice) -> None:
        if self.model.get(choice.kind, 0) < 99:
            self.lines = with_choice(self.lines, choice)
            self.model[choice.kind] = self.model.get(choice.kind, 0) + 1

    @rule(data=st.data(), quantity=st.integers(0, 99))
    def change(self, data: st.DataObject, quantity: int) -> None:
        if self.lines:
            line = data.draw(st.sampled_from(self.lines))
            self.lines = with_quantity(self.lines, line.id, quantity)
            self.model[line.choice.kind] = quantity

    @invariant()
    def same(self) -> None:
        wanted = {kind: quantity for kind, quantity in self.model.items() if quantity}
        assert {line.choice.kind: line.choice.quantity for line in self.lines} == wanted


TestCartBesideAModel = CartBesideAModel.TestCase
