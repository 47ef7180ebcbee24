"""The two pages that are made of the variables. Write them anew after changing those:

.venv/bin/python -m menuvo_ops.environment.pages
"""

import re
from pathlib import Path

from menuvo_ops.environment.rendering import example_file, reference_table

_TABLES = re.compile(r"(?<=<!-- variables -->\n).*(?=<!-- end of variables -->)", re.DOTALL)


def pages(clone: Path) -> dict[Path, str]:
    """Their whole content, as it must be."""
    reference = clone / "docs/reference/environment.md"
    tables = f"\n{reference_table()}\n"
    return {
        clone / "infra/env.example": example_file(),
        reference: _TABLES.sub(lambda _: tables, reference.read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    for page, content in pages(Path(__file__).resolve().parents[3]).items():
        page.write_text(content, encoding="utf-8")
