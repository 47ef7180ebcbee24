import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from menuvo_platform.db.base import Base, CreatedAt, Flag, Key, Version
from menuvo_platform.ids import new_handle
from menuvo_platform.translated import Translated


class Category(Base):
    __tablename__: str = "menu_categories"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), index=True)
    name: Mapped[Translated]
    description: Mapped[Translated] = mapped_column(server_default="{}")
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(server_default="true")
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]


class Item(Base):
    """A dish or drink. Sold out from sold_out_since until sold_out_until, or until it is undone."""

    __tablename__: str = "menu_items"
    __table_args__: tuple[UniqueConstraint] = (UniqueConstraint("store_id", "handle"),)

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"))
    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("menu_categories.id"), index=True)
    handle: Mapped[str] = mapped_column(default=new_handle)
    name: Mapped[Translated]
    description: Mapped[Translated] = mapped_column(server_default="{}")
    kitchen_name: Mapped[str] = mapped_column(server_default="")
    price_cents: Mapped[int]
    deposit_cents: Mapped[int] = mapped_column(server_default="0")
    tax_category: Mapped[str]
    allergen_state: Mapped[str] = mapped_column(server_default="unknown")
    allergens: Mapped[list[str]] = mapped_column(server_default="{}")
    traces: Mapped[list[str]] = mapped_column(server_default="{}")
    additives: Mapped[list[str]] = mapped_column(server_default="{}")
    diets: Mapped[list[str]] = mapped_column(server_default="{}")
    volume_ml: Mapped[int | None]
    alcoholic: Mapped[Flag]
    minimum_age: Mapped[int | None]
    image_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("images.id"), index=True)
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(server_default="true")
    sold_out_since: Mapped[datetime | None]
    sold_out_until: Mapped[datetime | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]


class ModifierGroup(Base):
    """Choices that change an item. The cheapest free_choices of what is chosen cost nothing."""

    __tablename__: str = "modifier_groups"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), index=True)
    name: Mapped[Translated]
    min_choices: Mapped[int]
    max_choices: Mapped[int]
    free_choices: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]


class Modifier(Base):
    """One choice. price_cents is a difference and may be negative."""

    __tablename__: str = "modifiers"
    __table_args__: tuple[UniqueConstraint] = (UniqueConstraint("store_id", "handle"),)

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"))
    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("modifier_groups.id"), index=True)
    handle: Mapped[str] = mapped_column(default=new_handle)
    name: Mapped[Translated]
    kitchen_name: Mapped[str] = mapped_column(server_default="")
    price_cents: Mapped[int] = mapped_column(server_default="0")
    tax_category: Mapped[str | None]  # the item's when empty
    allergen_state: Mapped[str] = mapped_column(server_default="unknown")
    allergens: Mapped[list[str]] = mapped_column(server_default="{}")
    additives: Mapped[list[str]] = mapped_column(server_default="{}")
    preselected: Mapped[Flag]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(server_default="true")
    sold_out_since: Mapped[datetime | None]
    sold_out_until: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class ItemModifierGroup(Base):
    """Which groups an item offers, in which order."""

    __tablename__: str = "item_modifier_groups"

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("menu_items.id"), primary_key=True)
    group_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("modifier_groups.id"), primary_key=True, index=True
    )
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"))
    position: Mapped[int]
