"""The code on a table, drawn as SVG."""

import io
from functools import lru_cache

QUIET_MODULES = 4


# Drawing takes some 25 ms, and a page shows all codes of a store.
@lru_cache(maxsize=500)
def draw_code(address: str) -> bytes:
    """Black on white whatever the page's colours are: some readers see nothing else. A quarter of
    it may be covered by a stain or a scratch. The margin is that of ISO/IEC 18004, and the drawing
    is as large as whoever prints it wants."""
    import segno

    drawing = io.BytesIO()
    code = segno.make(address, error="q", micro=False)
    code.save(
        drawing, kind="svg", border=QUIET_MODULES, light="white", xmldecl=False, omitsize=True
    )
    return drawing.getvalue()
