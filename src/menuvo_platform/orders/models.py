import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from menuvo_platform.db.base import Base, CreatedAt, Key, Version
from menuvo_platform.db.documents import Document


class Cart(Base):
    """What a guest has chosen so far, named by the token in the guest's cookie."""

    __tablename__: str = "carts"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    lines: Mapped[list[Document]] = mapped_column(JSONB, server_default="[]")
    # What was added last, also when it is no longer among the lines.
    added: Mapped[list[Document]] = mapped_column(JSONB, server_default="[]")
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime]


class Quote(Base):
    """What was offered when checkout opened: valid for 30 minutes, and good for one order."""

    __tablename__: str = "quotes"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), index=True)
    cart_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    token: Mapped[str] = mapped_column(unique=True)
    service_point_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_points.id"))
    fulfilment: Mapped[str]
    language: Mapped[str]
    lines: Mapped[list[Document]] = mapped_column(JSONB)
    rates: Mapped[dict[str, int]] = mapped_column(JSONB)  # basis points by tax category
    total_cents: Mapped[int]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]


class Order(Base):
    """One submission. What it shows are snapshots: a later change of the menu never reaches it."""

    __tablename__: str = "orders"
    __table_args__: tuple[UniqueConstraint, ...] = (
        UniqueConstraint("store_id", "business_day", "number"),
        UniqueConstraint("store_id", "revision"),
    )

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"))
    # Not a foreign key: old quotes are swept, their orders stay.
    quote_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    service_point_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_points.id"))
    service_point_name: Mapped[str] = mapped_column(server_default="")
    business_day: Mapped[date] = mapped_column(Date)
    number: Mapped[int]
    tracking_token: Mapped[str] = mapped_column(unique=True)
    fulfilment: Mapped[str]
    state: Mapped[str]
    payment_state: Mapped[str]
    language: Mapped[str]
    guest_name: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    allergy_note: Mapped[str] = mapped_column(server_default="")
    currency: Mapped[str]
    goods_cents: Mapped[int]
    deposit_cents: Mapped[int]
    total_cents: Mapped[int]
    revision: Mapped[int]  # the store's counter at its last event
    placed_at: Mapped[datetime]
    promised_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class OrderLine(Base):
    __tablename__: str = "order_lines"
    __table_args__: tuple[UniqueConstraint] = (UniqueConstraint("order_id", "position"),)

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    item_id: Mapped[uuid.UUID]  # not a foreign key: the item may go, the line stays
    quantity: Mapped[int]
    name: Mapped[str]  # in the guest's language
    first_name: Mapped[str]  # in the merchant's first language
    kitchen_name: Mapped[str]
    unit_cents: Mapped[int]  # with modifiers, without deposit
    deposit_cents: Mapped[int]  # of one piece
    total_cents: Mapped[int]  # quantity * unit_cents
    tax_category: Mapped[str]
    tax_basis_points: Mapped[int]
    allergens: Mapped[list[str]]
    modifiers: Mapped[list[Document]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(server_default="")
    minimum_age: Mapped[int | None]


class OrderTax(Base):
    """VAT of one rate; see money.py."""

    __tablename__: str = "order_taxes"

    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    rate_basis_points: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    gross_cents: Mapped[int]
    net_cents: Mapped[int]
    vat_cents: Mapped[int]


class OrderEvent(Base):
    """The history of an order. Append-only; revision is its place among all events of the store."""

    __tablename__: str = "order_events"
    __table_args__: tuple[UniqueConstraint] = (UniqueConstraint("store_id", "revision"),)

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"))
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    revision: Mapped[int]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
