"""How each secret is changed while everything serves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from menuvo_ops.environment import age
from menuvo_ops.environment.generation import key_pair
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import NotReady, Usage

SIGNING, NEXT, PREVIOUS = "AUTH_SECRET", "AUTH_SECRET_NEXT", "AUTH_SECRET_PREVIOUS"
_HUB = "BESZEL_HUB_KEY"
_IDENTITY = "BACKUP_AGE_IDENTITY"

_HOW = {
    "DB_PASSWORD": "Made here and changed in the database; only backups are replaced.",
    "APP_DB_PASSWORD": "Made here, for the other one of two logins. The old one is closed at the"
    " end.",
    "REDIS_PASSWORD": "Made here. Redis is replaced (--maintenance): boards hear of orders up to"
    " 2 s late until all have it.",
    SIGNING: "Made here, and believed by all before anybody signs with it. --finish, a day later,"
    " forgets the old one.",
    "PROBE_TOKEN": "Made here. Caddy is replaced (--maintenance): nothing answers for about 3 s.",
    _HUB: "A pair is made here; hub and agent are replaced.",
    _IDENTITY: "A pair is made here; the old one stays behind it, for the backups of before. Keep"
    " the new one elsewhere too.",
    "S3_SECRET_ACCESS_KEY": "You bring a second key and take the old one back afterwards. Before"
    " anything changes the new one has to write, read and delete.",
    "BACKUP_S3_SECRET_ACCESS_KEY": "You bring a second key and take the old one back afterwards."
    " Before anything changes the new one has to write and read.",
}
_MADE = "Made here; what reads it is replaced as by a deploy."
_BROUGHT = "You bring it; what reads it is replaced as by a deploy."
# Where these are changed, and why not here.
_ELSEWHERE = {
    "BESZEL_USER_PASSWORD": "Beszel reads it once, for its first account. Deploy the new one in"
    " .env and let the hub begin anew: docs/reference/monitoring.md#another-password",
    "SENTRY_AUTH_TOKEN": "Only the workflow reads it: gh secret set SENTRY_AUTH_TOKEN"
    " --env production",
}


@dataclass(frozen=True)
class Rotation:
    """`names` change together; the last one is the secret itself, and names the rotation."""

    names: tuple[str, ...]
    is_made: bool
    how: str

    @property
    def name(self) -> str:
        return self.names[-1]


def _rotations() -> Iterator[Rotation]:
    for name, variable in VARIABLES.items():
        if variable.secret and not (variable.is_ours or variable.goes_with or name in _ELSEWHERE):
            partners = [
                one.name for one in VARIABLES.values() if one.goes_with == name and not one.is_ours
            ]
            is_made = variable.make is not None or name in {_HUB, _IDENTITY}
            how = _HOW.get(name, _MADE if is_made else _BROUGHT)
            yield Rotation((*partners, name), is_made, how)


ROTATIONS = {one.name: one for one in _rotations()}


def find_rotation(name: str) -> Rotation:
    """By any of its names. Raises Usage for one that cannot be changed here."""
    if name in _ELSEWHERE:
        raise Usage(f"{name} is not changed here.", hint=_ELSEWHERE[name])
    for rotation in ROTATIONS.values():
        if name in rotation.names:
            return rotation
    known = "is no secret" if name in VARIABLES else "is no name of the environment"
    raise Usage(f"{name} {known}.", hint="menuvo env rotate --list shows what can be rotated.")


def renewed(rotation: Rotation, values: Values, brought: Mapping[str, str]) -> Mapping[str, str]:
    """The values that take the place of `values`. Raises NotReady where the last rotation has to be
    finished before."""
    if rotation.name == SIGNING:
        return following_stage(values) or _first_stage(values)
    if rotation.name == _HUB:
        private, public = key_pair()
        return {_HUB: private, "BESZEL_AGENT_KEY": public}
    if rotation.name == _IDENTITY:
        return _sealing_anew(values)
    make = VARIABLES[rotation.name].make
    return {rotation.name: make(values)} if make else brought


def following_stage(values: Values) -> Mapping[str, str] | None:
    """Once all believe the next secret, it signs; None where there is none."""
    coming = text(values, NEXT)
    if not coming:
        return None
    return {SIGNING: coming, PREVIOUS: text(values, SIGNING), NEXT: ""}


def last_stage(values: Values) -> Mapping[str, str]:
    """Raises NotReady where nothing is to be finished."""
    if text(values, NEXT):
        told = f"{NEXT} does not sign yet."
        raise NotReady(told, hint=f"Go on first: menuvo env rotate {SIGNING}")
    if not text(values, PREVIOUS):
        raise NotReady(f"No secret of before is believed any more: {PREVIOUS} is empty.")
    return {PREVIOUS: ""}


def _sealing_anew(values: Values) -> Mapping[str, str]:
    """For the new recipient alone; what was sealed for the one of before is opened still."""
    before = text(values, _IDENTITY)
    if not before:
        raise NotReady(
            f"{_IDENTITY} is empty: nothing is sealed, or it is kept elsewhere.",
            hint="To begin with sealing: menuvo env init --seal",
        )
    identity = age.new_identity()
    recipient = age.recipient_of(identity)
    assert recipient is not None  # noqa: S101, we have just made it
    return {_IDENTITY: f"{identity} {before}", "BACKUP_AGE_RECIPIENT": recipient}


def _first_stage(values: Values) -> Mapping[str, str]:
    if text(values, PREVIOUS):
        raise NotReady(
            f"The {SIGNING} of before the last rotation is still believed.",
            hint=f"Forget it first: menuvo env rotate {SIGNING} --finish",
        )
    make = VARIABLES[SIGNING].make
    assert make is not None  # noqa: S101, a machine makes it
    return {NEXT: make(values)}
