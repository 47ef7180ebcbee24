"""The connection pool of a process."""

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECT_TIMEOUT_SECONDS = 5
STATEMENT_TIMEOUT_MILLISECONDS = 15_000


def create_engine(libpq_url: str, pool_size: int = 10) -> AsyncEngine:
    """An engine for a plain libpq URL. Nothing is connected yet."""
    return create_async_engine(
        asyncpg_url(libpq_url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_recycle=1800,
        # Parameters are tokens, addresses and notes of people: none of them belongs in a log.
        hide_parameters=True,
        connect_args={
            # A statement prepared before an ALTER of its table fails after it. Without a cache no
            # deploy can meet one.
            "prepared_statement_cache_size": 0,
            "statement_cache_size": 0,
            "timeout": CONNECT_TIMEOUT_SECONDS,
            "server_settings": {
                "application_name": "menuvo",
                "statement_timeout": str(STATEMENT_TIMEOUT_MILLISECONDS),
                "idle_in_transaction_session_timeout": "60000",
            },
        },
    )


def asyncpg_url(libpq_url: str) -> str:
    _, separator, rest = libpq_url.partition("://")
    return f"postgresql+asyncpg{separator}{rest}"
