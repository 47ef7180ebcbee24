import httpx
import pytest
from sqlalchemy import insert, select

from menuvo_platform.db.session import Sessions, transaction
from menuvo_platform.ids import new_id
from menuvo_platform.imports.models import ImportedRow, MenuImport
from tests.menuvo_platform.accounts.people import UserRow
from tests.menuvo_platform.adapters.disks import small_files_only
from tests.menuvo_platform.console.signing_in import AtWork, go_to_work
from tests.menuvo_platform.rows import StoreRow

CSV = "Name;Preis\nKäsespätzle;12,50\n".encode("latin-1")


@pytest.fixture
async def work(client: httpx.AsyncClient, store: StoreRow, owner: UserRow) -> AtWork:
    return await go_to_work(client, owner, store)


async def add_import(owner_sessions: Sessions, store: StoreRow, **values: object) -> str:
    import_id = new_id()
    row = {"kind": "csv", "file_name": "karte.csv", "bytes": 10, **values}
    async with transaction(owner_sessions) as session:
        await session.execute(
            insert(MenuImport).values(
                **row, id=import_id, merchant_id=store.merchant_id, store_id=store.id
            )
        )
    return str(import_id)


async def test_nothing_imported_teaches_the_next_step(work: AtWork) -> None:
    page = await work.get("/imports")
    assert page.status_code == 200
    assert "Noch nichts eingelesen" in page.text


async def test_an_uploaded_menu_waits_in_the_list(
    work: AtWork, owner_sessions: Sessions, store: StoreRow
) -> None:
    answer = await work.upload("/imports", "file", CSV, "Karte Sommer.csv")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{work.base}/imports")
    page = await work.get("/imports")
    assert "Karte Sommer.csv" in page.text
    assert "Wartet" in page.text
    assert "hx-trigger" in (await work.get("/imports/list")).text
    async with transaction(owner_sessions) as session:
        found = select(MenuImport.state).where(MenuImport.store_id == store.id)
        assert (await session.execute(found)).scalars().all() == ["uploaded"]


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "leer.csv", 422),
        (CSV, "karte.exe", 422),
        (b"x" * (25 * 1024 * 1024 + 1), "riesig.csv", 413),
    ],
)
async def test_a_file_that_is_no_menu_is_explained_on_the_same_page(
    work: AtWork, content: bytes, name: str, status: int
) -> None:
    answer = await work.upload("/imports", "file", content, name)
    assert answer.status_code == status
    assert 'aria-invalid="true"' in answer.text
    assert "Noch nichts eingelesen" in answer.text


async def test_a_full_disk_is_said_and_leaves_no_import(work: AtWork) -> None:
    menu = CSV + b"Suppe;4,50\n" * 20_000
    with small_files_only():
        answer = await work.upload("/imports", "file", menu)
    assert answer.status_code == 507
    assert "kein Platz für diese Datei" in answer.text
    assert "Noch nichts eingelesen" in answer.text


async def test_a_form_without_a_file_asks_for_one(work: AtWork) -> None:
    answer = await work.post("/imports")
    assert answer.status_code == 422
    assert "wählen Sie zuerst eine Datei" in answer.text


async def test_a_failed_import_says_why(
    work: AtWork, owner_sessions: Sessions, store: StoreRow
) -> None:
    await add_import(
        owner_sessions,
        store,
        state="failed",
        error_code="import.too_many_rows",
        error_facts={"rows": 2000},
    )
    page = await work.get("/imports")
    assert "Nicht lesbar" in page.text
    assert "2000" in page.text or "2.000" in page.text
    assert "hx-trigger" not in page.text


async def test_an_import_that_was_given_up_says_what_to_do(
    work: AtWork, owner_sessions: Sessions, store: StoreRow
) -> None:
    await add_import(owner_sessions, store, state="failed", error_code="import.not_read")
    page = await work.get("/imports")
    assert "Bitte laden Sie sie noch einmal hoch" in page.text
    assert "hx-trigger" not in page.text


async def test_rows_are_shown_with_what_is_unclear_about_them(
    work: AtWork, owner_sessions: Sessions, store: StoreRow
) -> None:
    import_id = await add_import(owner_sessions, store, state="review")
    async with transaction(owner_sessions) as session:
        for position, (name, cents, problems) in enumerate(
            [
                ("Käsespätzle", 1250, []),
                ("<b>Suppe</b>", None, ["import.problem.price_missing"]),
            ]
        ):
            await session.execute(
                insert(ImportedRow).values(
                    id=new_id(),
                    merchant_id=store.merchant_id,
                    import_id=import_id,
                    position=position,
                    source_line=position + 2,
                    name=name,
                    price_cents=cents,
                    problems=problems,
                    source={},
                )
            )
    listed = await work.get("/imports")
    assert "2 Gerichte gelesen" in listed.text
    assert "1 davon unklar" in listed.text
    page = await work.get(f"/imports/{import_id}")
    assert "12,50\xa0€" in page.text
    assert "&lt;b&gt;Suppe&lt;/b&gt;" in page.text
    assert "import.problem" not in page.text


async def test_the_import_of_another_store_is_not_there(
    work: AtWork, owner_sessions: Sessions
) -> None:
    from tests.menuvo_platform.rows import add_store

    theirs = await add_import(owner_sessions, await add_store(owner_sessions))
    assert (await work.get(f"/imports/{theirs}")).status_code == 404
