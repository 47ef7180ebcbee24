"""`menuvo server setup`, `check` and `cloud-init`."""

import os
import sys
from pathlib import Path

from rich.markup import escape

from menuvo_ops.errors import Usage
from menuvo_ops.machines.cloud_init import cloud_config
from menuvo_ops.machines.findings import Finding, is_wrong
from menuvo_ops.machines.login import Login
from menuvo_ops.machines.setting_up import Access, Wish, plan, set_up
from menuvo_ops.machines.setting_up import check as look
from menuvo_ops.machines.telling import tell
from menuvo_ops.terminal import talk

TOKEN_VARIABLE = "MENUVO_REGISTRY_TOKEN"  # noqa: S105, a name and no token
_DEVIATES = 3


def setup(login: Login, wish: Wish, *, dry_run: bool, as_json: bool) -> int:
    """Return the exit code: 1 when something could not be mended."""
    if dry_run:
        wrong = _names(tell(plan(login, wish), as_json=as_json), "fail")
        _say(f"Would be mended: {', '.join(wrong)}." if wrong else "Nothing would be changed.")
        return 0
    told = tell(set_up(login, wish), as_json=as_json)
    if is_wrong(told):
        _say("Not all could be mended. Do what the red lines say, and run this again.")
        return 1
    changed = _names(told, "changed")
    _say(f"Changed: {', '.join(changed)}." if changed else "Nothing had to be changed.")
    _say(f"The server is ready. From now on it is {login.as_deploy().address}.")
    return 0


def check(login: Login, *, as_json: bool) -> int:
    """Return the exit code: 3 when the server is not as `setup` leaves it."""
    told = tell(look(login), as_json=as_json)
    wrong = _names(told, "fail")
    if not wrong:
        _say("The server is as it should be.")
        return 0
    _say(
        f"Not as it should be: {', '.join(wrong)}. To mend it: menuvo server setup {login.address}"
    )
    return _DEVIATES


def cloud_init(keys: list[str], reboot_at: str | None) -> None:
    sys.stdout.write(cloud_config(keys, reboot_at))


def usual_key() -> Path:
    for name in ("id_ed25519.pub", "id_ecdsa.pub", "id_rsa.pub"):
        if (file := Path.home() / ".ssh" / name).is_file():
            return file
    raise Usage(
        "Which key shall let you in? There is none in ~/.ssh.",
        hint="Make one: ssh-keygen -t ed25519\nOr name its file: --key FILE.pub",
    )


def access(user: str) -> Access:
    """Asks for the token, which is shown nowhere."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token and sys.stdin.isatty():
        token = talk.input(f"Token of {user} at ghcr.io: ", password=True).strip()
    if not token:
        raise Usage(
            "Nobody is there to ask for the registry's token.", hint=f"Set {TOKEN_VARIABLE}."
        )
    return Access(user, token)


def _names(findings: list[Finding], status: str) -> list[str]:
    return list(dict.fromkeys(one.name for one in findings if one.status == status))


def _say(sentence: str) -> None:
    talk.print(escape(sentence), soft_wrap=True)
