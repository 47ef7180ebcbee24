import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from menuvo_platform.db.base import Base, CreatedAt, Flag, Key, Version
from menuvo_platform.translated import Translated

FULFILMENTS = ("dine_in", "pickup", "delivery")


class Store(Base):
    """A venue with its own menu, hours and tables."""

    __tablename__: str = "stores"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tagline: Mapped[Translated] = mapped_column(server_default="{}")
    street: Mapped[str]
    postal_code: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    time_zone: Mapped[str]
    currency: Mapped[str]
    day_starts_at: Mapped[int] = mapped_column(server_default="300")  # minutes after local midnight
    fulfilments: Mapped[list[str]]
    pay_at_counter: Mapped[Flag]
    minutes_to_ready: Mapped[int] = mapped_column(server_default="20")
    ordering_paused_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(server_default="true")
    # Raised by triggers on everything a menu shows, so that no code path can forget it.
    menu_revision: Mapped[int] = mapped_column(server_default="1")
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]


class OpeningSlot(Base):
    """Local minutes of a weekday (Monday is 0); past midnight is above 1440."""

    __tablename__: str = "opening_slots"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), index=True)
    weekday: Mapped[int]
    opens_minute: Mapped[int]
    closes_minute: Mapped[int]


class SpecialDay(Base):
    """A date that replaces its weekday: closed when it has no minutes."""

    __tablename__: str = "special_days"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    opens_minute: Mapped[int | None]
    closes_minute: Mapped[int | None]
    note: Mapped[Translated] = mapped_column(server_default="{}")


class StoreCounter(Base):
    """Orders the events of a store: whoever places or moves an order takes this row last."""

    __tablename__: str = "store_counters"

    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    revision: Mapped[int] = mapped_column(server_default="0")
    business_day: Mapped[date | None] = mapped_column(Date)
    day_number: Mapped[int] = mapped_column(server_default="0")


class ServicePoint(Base):
    """Where an order is served. Its token is printed as a QR code, so it is stored in clear."""

    __tablename__: str = "service_points"

    id: Mapped[Key]
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), index=True)
    name: Mapped[str]
    zone: Mapped[str] = mapped_column(server_default="")
    position: Mapped[int]
    token: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[CreatedAt]


class RequestKey(Base):
    """Names a request that has had its effect: sent again, it has none."""

    __tablename__: str = "request_keys"

    store_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchants.id"))
    request_digest: Mapped[bytes]
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
