"""The doors are shut only behind somebody who has shown to be able to come in again."""

import time
from collections.abc import Iterator

from menuvo_ops.commands import ssh
from menuvo_ops.errors import NotReady, OpsError, Unreachable
from menuvo_ops.machines.findings import Finding, is_wrong
from menuvo_ops.machines.items import SHUT
from menuvo_ops.machines.login import Login, Root

# Fewer than fail2ban takes for guessing.
_ATTEMPTS = 3
_PAUSE_SECONDS = 1.0


def shut_doors(root: Root, login: Login) -> Iterator[Finding]:
    """Raises NotReady when the new login does not work; then nothing has been shut.

    After the shutting it is tried again. Should we, the network or this connection be gone before
    that, the server takes the shutting back by itself.
    """
    found = list(root.do("check", SHUT))
    if not is_wrong(found):
        yield from found
        return
    _prove(login, "so its doors stay as they are")
    yield from root.do("shut", SHUT)
    try:
        _prove(login, "so what was shut is open again")
    except NotReady:
        list(root.do("undo"))
        raise
    list(root.do("confirm"))


def _prove(login: Login, consequence: str) -> None:
    """Over a connection of its own: the one that is open would go on whatever sshd is told."""
    deploy = login.as_deploy()
    try:
        _come_in(deploy)
    except OpsError as refusal:
        raise NotReady(
            f"{deploy.address} cannot come in and become root, {consequence}. {refusal.message}",
            hint=refusal.hint,
        ) from refusal


def _come_in(deploy: Login) -> None:
    """While sshd reads its settings anew, nobody is at the door for a moment."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            with deploy.opened() as connection:
                connection.execute(ssh.may_be_root(), what="Trying sudo")
        except Unreachable:
            if not left:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return
