"""What the seed said about the demo restaurant."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast


@dataclass(frozen=True)
class Login:
    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Demo:
    """Paths below the address people type."""

    menu_path: str
    table_path: str
    console_path: str
    logins: list[Login]


def read_demo(file: Path) -> Demo | None:
    """None before the first seed."""
    if not file.exists():
        return None
    facts = cast("dict[str, str]", json.loads(file.read_text()))
    logins = cast("list[dict[str, str]]", facts["logins"])
    return Demo(
        menu_path=facts["menu_path"],
        table_path=facts["table_path"],
        console_path=facts["console_path"],
        logins=[
            Login(role=login["role"], email=login["email"], password=login["password"])
            for login in logins
        ],
    )
