"""What a guest's cookies keep: the table, the cart, the language. Nothing else, and no person.

All of it is strictly necessary, so nobody is asked. Each store's cookies are its own: their path is
the store's. Two of them are for the page's script, which alone may show what differs from guest to
guest on a page that is the same for all.
"""

from urllib.parse import quote

from litestar import Response

from menuvo_platform.stores.schemas import ServicePointView, StoreView

VISIT = "visit"
CART = "cart_token"
LANGUAGE = "language"
TABLE_FOR_SCRIPT = "table"
CART_FOR_SCRIPT = "cart"

# Longer than a dinner, shorter than the way back to another table tomorrow.
VISIT_SECONDS = 6 * 3600
CART_SECONDS = 24 * 3600
LANGUAGE_SECONDS = 365 * 24 * 3600


class GuestCookies:
    """Writes the cookies of one store to an answer."""

    def __init__(self, answer: Response[str], store: StoreView, *, secure: bool) -> None:
        self._answer: Response[str] = answer
        self._path: str = f"/{store.slug}"
        self._secure: bool = secure

    def keep_table(self, table: ServicePointView) -> None:
        self._set(VISIT, table.token, VISIT_SECONDS)
        self._show(TABLE_FOR_SCRIPT, table.name, VISIT_SECONDS)

    def keep_cart(self, token: str, pieces: int, total: str) -> None:
        """The total as the guest reads it."""
        self._set(CART, token, CART_SECONDS)
        self._show(CART_FOR_SCRIPT, f"{pieces}:{total}", CART_SECONDS)

    def keep_language(self, language: str) -> None:
        """For the next code that is scanned; sent nowhere else."""
        self._answer.set_cookie(
            LANGUAGE,
            language,
            path="/q",
            max_age=LANGUAGE_SECONDS,
            httponly=True,
            secure=self._secure,
            samesite="lax",
        )

    def forget_cart(self) -> None:
        self._answer.delete_cookie(CART, path=self._path)
        self._answer.delete_cookie(CART_FOR_SCRIPT, path=self._path)

    def _set(self, name: str, value: str, seconds: int) -> None:
        self._answer.set_cookie(
            name,
            value,
            path=self._path,
            max_age=seconds,
            httponly=True,
            secure=self._secure,
            samesite="lax",
        )

    def _show(self, name: str, value: str, seconds: int) -> None:
        self._answer.set_cookie(
            name,
            quote(value, safe=":"),
            path=self._path,
            max_age=seconds,
            secure=self._secure,
            samesite="lax",
        )
