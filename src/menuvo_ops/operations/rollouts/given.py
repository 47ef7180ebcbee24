"""What was typed, held to what fits together; each mistake is answered in a sentence."""

from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.backups import asking
from menuvo_ops.commands.server import Wish
from menuvo_ops.errors import Usage
from menuvo_ops.local.release import commit
from menuvo_ops.recovery import asking as recoveries
from menuvo_ops.restoring import asking as restoring
from menuvo_ops.shipping.ssh import Host
from menuvo_ops.timers import asking as timers


@dataclass(frozen=True)
class Place:
    """Where the deployment lies. `directory` is a path there."""

    host: str | None = None
    identity: Path | None = None
    known_hosts: Path | None = None
    directory: str | None = None


def require_sense(wish: Wish, place: Place, env_from: Path | None) -> None:
    """Raises Usage."""
    _require_known_word(wish)
    if place.host is None:
        for option, file in (("--identity", place.identity), ("--known-hosts", place.known_hosts)):
            if file is not None:
                raise Usage(
                    f"{option} belongs to a deployment on another machine.",
                    hint=f"Name that machine too: --host deploy@example.org {option} {file}",
                )
    else:
        Host(place.host)
    plain = Wish(wish.verb, wish.what, which=wish.which, lists=wish.lists, watch=wish.watch)
    if wish.only_looks and (env_from or wish != plain):
        shown = " ".join(filter(None, (wish.verb, wish.what)))
        raise Usage(
            f"`menuvo {shown}` only looks, so it has nothing to do with options of a deploy.",
            hint="It takes --directory, --host, --identity, --known-hosts and --json.",
        )
    if env_from is not None and not env_from.is_file():
        raise Usage(f"--env-from: there is no file {env_from}.")


def _require_known_word(wish: Wish) -> None:
    if wish.verb == "backup":
        asking.require_sense(wish.what or "", wish.which, no_verify=wish.no_verify, due=wish.due)
        return
    if wish.verb == "restore":
        restoring.require_sense(wish.which, at=wish.at, undo=wish.undo, forget=wish.forget)
        return
    if wish.verb == "rebuild":
        restoring.require_sense(wish.backup, at=wish.at, undo=False, forget=False)
        return
    if wish.verb == "recovery":
        recoveries.require_sense(wish.what or "", wish.which)
        return
    if wish.verb == "timers":
        timers.require_sense(wish.what or "", wish.which)
        return
    words = {"deploy": "status", "releases": "adopt"}
    if wish.what is None or wish.verb not in words or wish.what == words[wish.verb]:
        return
    hint = f"There is: menuvo {wish.verb} {words[wish.verb]}"
    if wish.verb == "deploy":
        hint = f"To deploy that version: menuvo deploy --version {wish.what}\n{hint}"
    raise Usage(f"There is no `menuvo {wish.verb} {wish.what}`.", hint=hint)


def version_of(checkout: Path, wish: Wish) -> str:
    """What shall be deployed: this checkout's commit, when nothing else was said."""
    version = wish.version or commit(checkout)
    if not version:
        raise Usage(
            f"Which version? {checkout} is no git checkout that would say it.",
            hint="Name it by the tag of its image: --version SHA",
        )
    return version


def is_deployment(folder: Path, checkout: Path) -> bool:
    """A checkout is none, whatever lies in it."""
    is_one = (folder / ".env").is_file() or (folder / "releases").is_dir()
    return is_one and folder.resolve() != checkout.resolve()


def empty_folder_here(place: Place) -> Path:
    """Where a deployment is to be rebuilt, which makes the folder; it has to be named."""
    if place.directory is None:
        raise Usage(
            "Where is it to be rebuilt?",
            hint="Name the new server with --host deploy@example.org, or a folder of this one"
            " with --directory.",
        )
    return Path(place.directory).resolve()


def folder_here(place: Place, *, current: Path, checkout: Path) -> Path:
    """Of the deployment on this machine; a checkout is none."""
    folder = Path(place.directory) if place.directory is not None else current
    if not folder.is_dir():
        raise Usage(f"There is no folder {folder}.", hint="Make it first, or name another one.")
    if place.directory is None and not is_deployment(folder, checkout):
        raise Usage(
            f"{folder} is no folder of a deployment.",
            hint="Name the folder with --directory, or the server with --host deploy@example.org.",
        )
    return folder.resolve()
