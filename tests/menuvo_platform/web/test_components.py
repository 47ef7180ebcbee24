from pathlib import Path

import httpx

from menuvo_platform.web import components

COMPONENTS = Path(components.__file__).parent / "templates" / "components"


def test_every_file_of_components_is_on_the_page() -> None:
    page = (COMPONENTS.parent / "components_showcase.html").read_text()
    for file in COMPONENTS.glob("*.html"):
        assert f'from "components/{file.name}" import' in page, file.name


async def test_every_component_is_on_one_page_that_nobody_needs_to_find(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/dev/components")
    assert page.status_code == 200
    assert page.headers["x-robots-tag"] == "noindex"
    for part in (
        "Buttons",
        "Fields",
        "Notices",
        "Troubles of a form",
        "Menu",
        "Order",
        "Console",
        "Kitchen board",
    ):
        assert f">{part}</h3>" in page.text
