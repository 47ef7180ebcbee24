import httpx
import pytest
from sqlalchemy import select

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.images.models import Image
from menuvo_platform.menus.models import Item
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.adapters.disks import LARGEST_BYTES, small_files_only
from tests.menuvo_platform.adapters.pictures import landscape, noise
from tests.menuvo_platform.console.signing_in import AtWork, go_to_work
from tests.menuvo_platform.menus.dishes import Dish, add_category, add_item
from tests.menuvo_platform.rows import StoreRow

pytestmark = pytest.mark.slow


@pytest.fixture
async def work(client: httpx.AsyncClient, store: StoreRow, owner: UserRow) -> AtWork:
    return await go_to_work(client, owner, store)


@pytest.fixture
async def soup(owner_sessions: Sessions, store: StoreRow) -> Dish:
    return await add_item(owner_sessions, store, "Suppe", 790)


async def find_row(owner_sessions: Sessions, dish: Dish) -> Item:
    async with transaction(owner_sessions) as session:
        return (await session.execute(select(Item).where(Item.id == dish.id))).scalar_one()


async def test_an_empty_menu_teaches_the_next_step(work: AtWork) -> None:
    page = await work.get("/menu")
    assert page.status_code == 200
    assert "Noch keine Gerichte" in page.text


async def test_the_menu_shows_what_guests_do_not_see(
    work: AtWork, owner_sessions: Sessions, store: StoreRow, soup: Dish
) -> None:
    category = await add_category(owner_sessions, store, "Neues")
    await add_item(
        owner_sessions, store, "Geheimnis", 500, category_id=category, allergen_state="unknown"
    )
    page = await work.get("/menu")
    assert "Suppe" in page.text
    assert 'value="7,90"' in page.text
    assert "Geheimnis" in page.text
    assert page.text.count("Für Gäste nicht sichtbar") == 1


@pytest.mark.parametrize("htmx", [False, True])
async def test_a_price_is_changed_in_its_row(
    work: AtWork, owner_sessions: Sessions, soup: Dish, htmx: bool
) -> None:
    answer = await work.post(f"/menu/{soup.id}/price", htmx=htmx, price="8,50 €", version="1")
    if htmx:
        assert answer.status_code == 200
        assert answer.text.lstrip().startswith("<li")
        assert 'value="8,50"' in answer.text
    else:
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{work.base}/menu#item-{soup.id}"
    row = await find_row(owner_sessions, soup)
    assert (row.price_cents, row.version) == (850, 2)


@pytest.mark.parametrize("price", ["", "acht", "8,5o", "-1", "8,999", "1e3", "9999999999"])
@pytest.mark.parametrize("htmx", [False, True])
async def test_a_price_that_is_none_is_kept_and_explained(
    work: AtWork, owner_sessions: Sessions, soup: Dish, price: str, htmx: bool
) -> None:
    answer = await work.post(f"/menu/{soup.id}/price", htmx=htmx, price=price, version="1")
    assert answer.status_code == 422
    assert f'value="{price}"' in answer.text
    assert "zum Beispiel 12,50" in answer.text
    assert (await find_row(owner_sessions, soup)).price_cents == 790


@pytest.mark.parametrize("htmx", [False, True])
async def test_of_two_people_the_slower_sees_both_prices_and_may_insist(
    work: AtWork, owner_sessions: Sessions, soup: Dish, htmx: bool
) -> None:
    await work.post(f"/menu/{soup.id}/price", price="8,50", version="1")
    answer = await work.post(f"/menu/{soup.id}/price", htmx=htmx, price="9,20", version="1")
    assert answer.status_code == 409
    assert "8,50\xa0€" in answer.text
    assert 'value="9,20"' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert (await find_row(owner_sessions, soup)).price_cents == 850
    await work.post(f"/menu/{soup.id}/price", price="9,20", version="2")
    assert (await find_row(owner_sessions, soup)).price_cents == 920


async def test_a_form_sent_twice_is_no_conflict(
    work: AtWork, owner_sessions: Sessions, soup: Dish
) -> None:
    for _ in range(2):
        answer = await work.post(f"/menu/{soup.id}/price", price="8,50", version="1")
        assert answer.status_code == 303
    assert (await find_row(owner_sessions, soup)).version == 2


async def test_a_version_that_is_none_is_an_old_one(work: AtWork, soup: Dish) -> None:
    for version in ("", "x", "9" * 30):
        answer = await work.post(f"/menu/{soup.id}/price", price="8,50", version=version)
        assert answer.status_code == 409


async def test_an_item_is_sold_out_until_tomorrow_and_back_again(
    work: AtWork, owner_sessions: Sessions, soup: Dish
) -> None:
    answer = await work.post(f"/menu/{soup.id}/sold-out", htmx=True, until="tomorrow")
    assert "Ausverkauft bis" in answer.text
    row = await find_row(owner_sessions, soup)
    assert row.sold_out_since is not None
    assert row.sold_out_until is not None
    assert 0 < (row.sold_out_until - row.sold_out_since).total_seconds() <= 25 * 3600
    assert (await work.post(f"/menu/{soup.id}/sold-out", until="back")).status_code == 303
    assert (await find_row(owner_sessions, soup)).sold_out_since is None


async def test_the_item_of_another_store_is_not_there(
    work: AtWork, owner_sessions: Sessions, stranger: UserRow
) -> None:
    from tests.menuvo_platform.rows import add_store

    theirs = await add_item(owner_sessions, await add_store(owner_sessions), "Fremd", 100)
    for dish_id in (theirs.id, new_id()):
        assert (await work.get(f"/menu/{dish_id}")).status_code == 404
        assert (await work.get(f"/menu/{dish_id}/picture")).status_code == 404
        price = await work.post(f"/menu/{dish_id}/price", price="1,00", version="1")
        assert price.status_code == 404
        stock = await work.post(f"/menu/{dish_id}/sold-out", until="tomorrow")
        assert stock.status_code == 404
        picture = await work.upload(f"/menu/{dish_id}/picture", "picture", b"x")
        assert picture.status_code == 404
    assert (await find_row(owner_sessions, theirs)).price_cents == 100


async def test_a_picture_is_taken_and_prepared(
    work: AtWork, owner_sessions: Sessions, soup: Dish
) -> None:
    content = landscape(400, 200).write_to_buffer(".jpg")
    answer = await work.upload(f"/menu/{soup.id}/picture", "picture", content, "IMG_1.jpg")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{work.base}/menu/{soup.id}")
    row = await find_row(owner_sessions, soup)
    async with transaction(owner_sessions) as session:
        image = (await session.execute(select(Image).where(Image.id == row.image_id))).scalar_one()
    assert image.state == "processing"
    page = await work.get(f"/menu/{soup.id}")
    assert "Das Bild wird vorbereitet" in page.text
    assert "hx-trigger" in (await work.get(f"/menu/{soup.id}/picture")).text


@pytest.mark.parametrize(
    ("state", "error", "sentence"),
    [
        ("ready", "", "So sehen es die Gäste."),
        ("failed", "image.broken", "ließ sich nicht verwenden"),
        ("failed", "image.not_made", "Bitte laden Sie es noch einmal hoch"),
        ("failed", "", "ließ sich nicht verwenden"),
    ],
)
async def test_what_became_of_a_picture_is_said(
    work: AtWork,
    owner_sessions: Sessions,
    store: StoreRow,
    soup: Dish,
    state: str,
    error: str,
    sentence: str,
) -> None:
    from sqlalchemy import insert, update

    image_id = new_id()
    async with transaction(owner_sessions) as session:
        await session.execute(
            insert(Image).values(
                id=image_id,
                merchant_id=store.merchant_id,
                sha256="a" * 64,
                content_type="image/jpeg",
                bytes=1,
                state=state,
                error_code=error,
                width=800,
                height=400,
                widths=[320, 800],
            )
        )
        await session.execute(update(Item).where(Item.id == soup.id).values(image_id=image_id))
    piece = (await work.get(f"/menu/{soup.id}/picture")).text
    assert sentence in piece
    assert "hx-trigger" not in piece
    assert (await work.get("/menu")).status_code == 200


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"<svg onload=alert(1)>", 422), (b"x" * (15 * 1024 * 1024 + 1), 413)],
)
async def test_what_is_no_picture_is_explained_on_the_same_page(
    work: AtWork, owner_sessions: Sessions, soup: Dish, content: bytes, status: int
) -> None:
    answer = await work.upload(f"/menu/{soup.id}/picture", "picture", content, "menu.svg")
    assert answer.status_code == status
    assert 'aria-invalid="true"' in answer.text
    assert "Suppe" in answer.text
    assert (await find_row(owner_sessions, soup)).image_id is None


async def test_a_form_without_a_file_asks_for_one(work: AtWork, soup: Dish) -> None:
    answer = await work.post(f"/menu/{soup.id}/picture")
    assert answer.status_code == 422
    assert "wählen Sie zuerst ein Bild" in answer.text


async def test_a_full_disk_is_said_and_leaves_no_picture(
    work: AtWork, owner_sessions: Sessions, store: StoreRow, soup: Dish
) -> None:
    content = noise(800, 600).pngsave_buffer()
    assert LARGEST_BYTES < len(content) < 1_000_000
    with small_files_only():
        answer = await work.upload(f"/menu/{soup.id}/picture", "picture", content, "IMG_1.png")
    assert answer.status_code == 507
    assert "kein Platz für diese Datei" in answer.text
    assert "Suppe" in answer.text
    assert (await find_row(owner_sessions, soup)).image_id is None
    async with transaction(owner_sessions) as session:
        images = select(Image.id).where(Image.merchant_id == store.merchant_id)
        assert (await session.scalars(images)).all() == []
    again = await work.upload(f"/menu/{soup.id}/picture", "picture", content, "IMG_1.png")
    assert again.status_code == 303
