"""The demo's content as rows, table by table in the order of their references."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from menuvo_platform.accounts.models import Membership, User
from menuvo_platform.db.base import Base
from menuvo_platform.demo.content import Category, Demo, Item, ModifierGroup, Text
from menuvo_platform.ids import new_handle, new_id, new_token
from menuvo_platform.menus import models as menus
from menuvo_platform.merchants.models import Merchant
from menuvo_platform.stores.models import OpeningSlot, ServicePoint, Store, StoreCounter

Row: TypeAlias = dict[str, object]
Rows: TypeAlias = list[tuple[type[Base], list[Row]]]

SOLD_OUT_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class People:
    """The password hashes of the demo's logins."""

    owner_hash: str
    kitchen_hash: str


def business_rows(demo: Demo, merchant_id: uuid.UUID) -> Rows:
    business = demo.business
    merchant: Row = {
        "id": merchant_id,
        "legal_name": business.legal_name,
        "representative": ", ".join(business.represented_by),
        "register_court": business.register_court,
        "register_number": business.register_number,
        "vat_id": business.vat_id,
        "street": business.street,
        "postal_code": business.postcode,
        "city": business.town,
        "country": business.country,
        "email": business.email,
        "phone": business.phone,
        "languages": list(demo.store.languages),
    }
    return [(Merchant, [merchant])]


def store_rows(demo: Demo, merchant_id: uuid.UUID, store_id: uuid.UUID) -> Rows:
    keys: Row = {"merchant_id": merchant_id, "store_id": store_id}
    store: Row = {
        "id": store_id,
        "merchant_id": merchant_id,
        "slug": demo.store.slug,
        "name": demo.store.name,
        "tagline": texts(demo.store.tagline),
        "street": demo.business.street,
        "postal_code": demo.business.postcode,
        "city": demo.business.town,
        "country": demo.business.country,
        "phone": demo.business.phone,
        "email": demo.business.email,
        "time_zone": demo.store.time_zone,
        "currency": demo.store.currency,
        "fulfilments": ["dine_in", "pickup"],
        "pay_at_counter": True,
    }
    tables: list[Row] = [
        {
            "id": new_id(),
            **keys,
            "name": table.name.de,
            "zone": table.zone.de,
            "position": position,
            "token": new_token(),
        }
        for position, table in enumerate(demo.tables, start=1)
    ]
    return [
        (Store, [store]),
        (StoreCounter, [keys]),
        (OpeningSlot, _around_the_clock(keys)),
        (ServicePoint, tables),
    ]


def people_rows(demo: Demo, people: People, merchant_id: uuid.UUID, store_id: uuid.UUID) -> Rows:
    owner_id, kitchen_id = new_id(), new_id()
    users: list[Row] = [
        {
            "id": owner_id,
            "email": demo.owner.email,
            "name": demo.owner.name,
            "password_hash": people.owner_hash,
        },
        {
            "id": kitchen_id,
            "email": demo.kitchen.email,
            "name": demo.kitchen.name,
            "password_hash": people.kitchen_hash,
        },
    ]
    memberships: list[Row] = [
        {
            "id": new_id(),
            "merchant_id": merchant_id,
            "user_id": owner_id,
            "store_id": None,
            "role": "owner",
        },
        {
            "id": new_id(),
            "merchant_id": merchant_id,
            "user_id": kitchen_id,
            "store_id": store_id,
            "role": "kitchen",
        },
    ]
    return [(User, users), (Membership, memberships)]


def _around_the_clock(keys: Row) -> list[Row]:
    """The demo's kitchen never closes: whoever tries it at night shall be able to order."""
    return [
        {"id": new_id(), **keys, "weekday": weekday, "opens_minute": 0, "closes_minute": 1440}
        for weekday in range(7)
    ]


def menu_rows(
    demo: Demo, merchant_id: uuid.UUID, store_id: uuid.UUID, images: Mapping[str, uuid.UUID]
) -> Rows:
    """`images` maps the key of a picture to its row."""
    keys: Row = {"merchant_id": merchant_id, "store_id": store_id}
    group_ids = {group.key: new_id() for group in demo.groups}
    item_ids = {item.key: new_id() for item in _items(demo.categories)}
    category_ids = {category.key: new_id() for category in demo.categories}
    return [
        (
            menus.Category,
            [
                {
                    "id": category_ids[category.key],
                    **keys,
                    "name": texts(category.name),
                    "description": texts(category.description) if category.description else {},
                    "position": position,
                }
                for position, category in enumerate(demo.categories, start=1)
            ],
        ),
        (menus.ModifierGroup, [_group(group, group_ids, keys) for group in demo.groups]),
        (
            menus.Modifier,
            [row for group in demo.groups for row in _modifiers(group, group_ids, keys)],
        ),
        (
            menus.Item,
            [
                {
                    **_item(item, position),
                    **keys,
                    "id": item_ids[item.key],
                    "category_id": category_ids[category.key],
                    "image_id": images.get(item.picture or ""),
                }
                for category in demo.categories
                for position, item in enumerate(category.items, start=1)
            ],
        ),
        (
            menus.ItemModifierGroup,
            [
                {
                    **keys,
                    "item_id": item_ids[item.key],
                    "group_id": group_ids[group],
                    "position": position,
                }
                for item in _items(demo.categories)
                for position, group in enumerate(item.groups, start=1)
            ],
        ),
    ]


def _items(categories: Sequence[Category]) -> list[Item]:
    return [item for category in categories for item in category.items]


def _group(group: ModifierGroup, ids: Mapping[str, uuid.UUID], keys: Row) -> Row:
    return {
        "id": ids[group.key],
        **keys,
        "name": texts(group.name),
        "min_choices": group.minimum,
        "max_choices": group.maximum,
        "free_choices": group.free,
    }


def _modifiers(group: ModifierGroup, ids: Mapping[str, uuid.UUID], keys: Row) -> list[Row]:
    return [
        {
            "id": new_id(),
            **keys,
            "group_id": ids[group.key],
            "handle": new_handle(),
            "name": texts(modifier.name),
            "kitchen_name": modifier.name.de,
            "price_cents": modifier.price_cents,
            "tax_category": group.tax,
            "allergen_state": "listed" if modifier.allergens else "none",
            "allergens": list(modifier.allergens),
            "additives": list(modifier.additives),
            "preselected": modifier.default,
            "position": position,
        }
        for position, modifier in enumerate(group.modifiers, start=1)
    ]


def _item(item: Item, position: int) -> Row:
    return {
        "handle": new_handle(),
        "name": texts(item.name),
        "description": texts(item.description),
        "kitchen_name": item.kitchen_name,
        "price_cents": item.price_cents,
        "tax_category": item.tax,
        "allergen_state": "listed" if item.allergens else "none",
        "allergens": list(item.allergens),
        "traces": list(item.traces),
        "additives": list(item.additives),
        "diets": list(item.diet),
        "volume_ml": item.volume_ml,
        "alcoholic": item.alcohol,
        "minimum_age": item.minimum_age,
        "position": position,
        "sold_out_since": SOLD_OUT_SINCE if item.sold_out else None,
    }


def texts(text: Text) -> dict[str, str]:
    return {"de": text.de, "en": text.en}
