import httpx


async def test_every_component_is_on_one_page_that_nobody_needs_to_find(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/dev/components")
    assert page.status_code == 200
    assert page.headers["x-robots-tag"] == "noindex"
    for part in ("Buttons", "Fields", "Notices", "Menu", "Order", "Console", "Kitchen board"):
        assert f">{part}</h3>" in page.text
