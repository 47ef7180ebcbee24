from dataclasses import dataclass

from menuvo_platform.web.forms import Form


@dataclass(frozen=True, slots=True)
class LineForm:
    """Another quantity for one line of the cart; `quantity` is text as it was entered."""

    line: str
    quantity: str


def read_line_form(form: Form) -> LineForm:
    return LineForm(line=form.text("line"), quantity=form.text("quantity"))
