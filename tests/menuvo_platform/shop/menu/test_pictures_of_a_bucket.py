"""Pages while pictures are read from a bucket by an address of its own."""

import json
import re
from dataclasses import replace

import pytest

from menuvo_platform.db.session import Sessions
from menuvo_platform.settings import Redacted, S3Settings, Settings
from tests.menuvo_platform.images.pictured import SHA256, WIDTHS, add_picture
from tests.menuvo_platform.shop.restaurant import Guest, Restaurant

ORIGIN = "https://pictures.example:8443"


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    s3 = S3Settings(
        endpoint="https://s3.example",
        access_key_id=Redacted("key"),
        secret_access_key=Redacted("secret"),
        bucket="pictures",
        files_bucket="files",
        public_url=f"{ORIGIN}/of/menuvo",
        region="auto",
    )
    return replace(settings, s3=s3)


@pytest.fixture
async def pictured(restaurant: Restaurant, owner_sessions: Sessions) -> Restaurant:
    await add_picture(owner_sessions, restaurant.store.merchant_id, restaurant.schnitzel.id)
    return restaurant


def address(restaurant: Restaurant, width: int) -> str:
    return f"{ORIGIN}/of/menuvo/m/{restaurant.store.merchant_id}/{SHA256}/{width}.webp"


async def test_menu_and_item_show_them_from_there(guest: Guest, pictured: Restaurant) -> None:
    menu = (await guest.client.get(pictured.path)).text
    item = (await guest.client.get(pictured.item(pictured.schnitzel))).text
    assert f'src="{address(pictured, 320)}"' in menu
    assert f'src="{address(pictured, 800)}"' in item
    offered = ", ".join(f"{address(pictured, width)} {width}w" for width in WIDTHS)
    assert f'srcset="{offered}"' in item
    assert "/media/" not in menu + item


async def test_search_engines_are_given_the_same_address(
    guest: Guest, pictured: Restaurant
) -> None:
    page = (await guest.client.get(pictured.path)).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    sections = json.loads(found[1])["hasMenu"]["hasMenuSection"]
    images = [item.get("image") for section in sections for item in section["hasMenuItem"]]
    assert images == [address(pictured, 1600), None]


async def test_every_page_allows_exactly_that_origin_for_pictures_and_for_nothing_else(
    guest: Guest, pictured: Restaurant
) -> None:
    cached, item = pictured.path, pictured.item(pictured.schnitzel)
    for path in (cached, cached, item, "/console/login", "/nowhere/at/all"):
        policy = (await guest.client.get(path)).headers["content-security-policy"]
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert directives["img-src"] == f"'self' data: blob: {ORIGIN}"
        assert policy.count(ORIGIN) == 1
