from dataclasses import dataclass

from menuvo_platform.errors import Invalid
from menuvo_platform.web.forms import Form
from menuvo_platform.web.logins import safe_destination


@dataclass(frozen=True, slots=True)
class LoginForm:
    email: str
    password: str
    destination: str

    def check(self) -> None:
        """Raises Invalid for what was left empty."""
        empty = {"email": self.email, "password": self.password}
        fields = {name: f"{name}_missing" for name, value in empty.items() if not value}
        if fields:
            raise Invalid(fields=fields)


def read_login_form(form: Form) -> LoginForm:
    return LoginForm(
        email=form.text("email"),
        password=form.secret("password"),
        destination=safe_destination(form.text("next")),
    )
