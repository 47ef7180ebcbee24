"""A clone of its own to run: what a commit of this moment would give a new user."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]
COMMAND_SECONDS = 600


@dataclass(frozen=True)
class Stack:
    """A running platform."""

    root: Path
    base_url: str
    menu_url: str
    table_url: str
    console_url: str
    logins: dict[str, tuple[str, str]]

    def menuvo(self, *arguments: str) -> str:
        """Runs the tool in this clone; answers what it printed on stdout."""
        return menuvo(self.root, *arguments)

    def status(self) -> dict[str, Any]:
        return json.loads(self.menuvo("status", "--json"))

    @property
    def database_url(self) -> str:
        """As the owner, who sees all rows."""
        port = json.loads((self.root / ".menuvo/ports.json").read_text())["postgres"]
        password = (self.root / ".menuvo/secrets/postgres").read_text().strip()
        return f"postgresql://menuvo:{password}@127.0.0.1:{port}/menuvo"

    def service(self, name: str) -> dict[str, Any]:
        [service] = [one for one in self.status()["services"] if one["name"] == name]
        return service


def copy_checkout(root: Path) -> None:
    """The files that git knows, as they are now: what a commit of this moment would clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = CHECKOUT / name, root / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def describe(root: Path) -> Stack:
    status = json.loads(menuvo(root, "status", "--json"))
    demo = json.loads((root / ".menuvo" / "demo.json").read_text())
    return Stack(
        root=root,
        base_url=status["base_url"],
        menu_url=status["demo_menu_url"],
        table_url=status["demo_table_url"],
        console_url=status["console_url"],
        logins={login["role"]: (login["email"], login["password"]) for login in demo["logins"]},
    )


def menuvo(root: Path, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(root / "menuvo"), *arguments],
        cwd=root,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"menuvo {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def share_packages(root: Path) -> None:
    """Debian's packages that this checkout has unpacked need not be fetched again."""
    packages = CHECKOUT / ".menuvo" / "packages"
    if packages.exists():
        shutil.copytree(packages, root / ".menuvo" / "packages", symlinks=True)
