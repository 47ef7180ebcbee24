"""The deployment lies on this machine: what a server runs is run here."""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from menuvo_ops.commands.server import Manner, Wish, ask
from menuvo_ops.local.release import release_name
from menuvo_ops.operations.rollouts.given import (
    Place,
    empty_folder_here,
    folder_here,
    version_of,
)
from menuvo_ops.runner import hand_over
from menuvo_ops.server import command
from menuvo_ops.shipping.packing import pack


def roll_out(
    checkout: Path, wish: Wish, place: Place, manner: Manner, *, env_from: Path | None = None
) -> int:
    """Return the exit code; a deploy goes on as the tool of the version that is wanted."""
    if wish.verb == "rebuild":
        folder = empty_folder_here(place)
    else:
        folder = folder_here(place, current=Path.cwd(), checkout=checkout)
    if wish.verb == "deploy" and not wish.only_looks:
        wish = replace(wish, version=version_of(checkout, wish))
    values = str(env_from.resolve()) if env_from else None
    argv = ask(wish, manner, directory=str(folder), env_from=values)
    if wish.what == "adopt":
        return _out_of_a_release(checkout, argv, folder)
    return command.main(argv)


def _out_of_a_release(checkout: Path, argv: list[str], folder: Path) -> int:
    """What is adopted keeps its tool, so there has to be one in a file."""
    with tempfile.TemporaryDirectory(prefix="menuvo-") as made:
        program = Path(made) / "menuvo.pyz"
        pack(checkout, release_name(checkout), program)
        return hand_over([sys.executable, str(program), *argv], cwd=folder)
