"""Where a form leads that was accepted, for a page and for its script alike."""

from litestar import Request, Response
from litestar.datastructures import State
from litestar.response import Redirect

SENT_BY_SCRIPT = "X-Menuvo-Script"


def lead_on(request: Request[object, object, State], address: str) -> Response[str]:
    """A browser follows the redirect and keeps its address from the script that sent the form. The
    script is told the address, so that the first answer is enough to know: it has arrived."""
    headers = {"Cache-Control": "no-store"}
    if request.headers.get(SENT_BY_SCRIPT):
        return Response("", status_code=204, headers={**headers, "Location": address})
    return Redirect(address, status_code=303, headers=headers)
