"""Whether a change was asked for by a page that we gave to this very login.

The token is derived from the login's own, so nothing is stored, and it ends with the login. It
stands besides the check of the Origin at the edge, which every form passes first.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import ClassVar

from litestar import Request
from litestar.datastructures import State

from menuvo_platform.errors import Forbidden
from menuvo_platform.web.forms import read_form

FIELD = "csrf"
HEADER = "X-CSRF-Token"


class StalePage(Forbidden):
    """The page was made for another login, or not by us."""

    code: ClassVar[str] = "stale_page"


def csrf_token(secret: str, login_token: str) -> str:
    message = f"csrf:{login_token}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


async def check_csrf(request: Request[object, object, State], expected: Iterable[str]) -> None:
    """Raises StalePage unless the form's field or the header says one of these tokens."""
    # The form is read here in any case: once the handler has its transaction it would be too late.
    form = await read_form(request)
    said = request.headers.get(HEADER) or form.text(FIELD)
    if not any(hmac.compare_digest(said.encode(), one.encode()) for one in expected):
        # The framework closes the files of a form only once a handler was reached.
        await (await request.form()).close()
        raise StalePage
