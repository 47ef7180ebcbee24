"""Brings about on a server what must be true of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.machines.bringing import bring_environment, log_in
from menuvo_ops.machines.findings import Finding
from menuvo_ops.machines.items import BROUGHT, ITEMS, OPEN
from menuvo_ops.machines.login import Login, Root, keys_that_let_in
from menuvo_ops.machines.outside import knock
from menuvo_ops.machines.script import Given
from menuvo_ops.machines.shutting import shut_doors
from menuvo_ops.shipping.ssh import Connection


@dataclass(frozen=True)
class Access:
    """Of the registry."""

    user: str
    token: str


@dataclass(frozen=True)
class Wish:
    """`keys` let the user who deploys in; None for those that let in whoever sets up."""

    keys: list[str] | None = None
    reboot_at: str | None = None
    environment: Path | None = None
    registry: Access | None = None


def set_up(login: Login, wish: Wish) -> Iterator[Finding]:
    """Ends at the first thing before the doors that could not be mended: the rest is made with it.
    A door that does not shut, as where a file of the operator's overrides it, ends nothing."""
    with login.opened() as connection:
        root = Root(connection, _given(connection, wish))
        failed = False
        for finding in root.do("mend", OPEN):
            failed = failed or finding.status == "fail"
            yield finding
        if failed:
            return
        yield from shut_doors(root, login)
        host = connection.address_of_host()
    with login.as_deploy().opened() as connection:
        yield from _bring(connection, wish)
        yield from Root(connection, Given()).do("mend", BROUGHT)
    yield from knock(host)


def plan(login: Login, wish: Wish) -> Iterator[Finding]:
    """What `set_up` would find; changes nothing."""
    with login.opened() as connection:
        yield from Root(connection, _given(connection, wish)).do("check", ITEMS)


def check(login: Login) -> Iterator[Finding]:
    """From within, and from here."""
    with login.opened() as connection:
        yield from Root(connection, Given()).do("check", ITEMS)
        host = connection.address_of_host()
    yield from knock(host)


def _given(connection: Connection, wish: Wish) -> Given:
    keys = keys_that_let_in(connection) if wish.keys is None else wish.keys
    return Given(keys, wish.reboot_at)


def _bring(connection: Connection, wish: Wish) -> Iterator[Finding]:
    if wish.environment:
        yield from bring_environment(connection, wish.environment)
    if wish.registry:
        yield from log_in(connection, wish.registry.user, wish.registry.token)
