"""Whose turn it is of the two logins of platform and workers."""

from menuvo_ops.environment import addresses
from menuvo_ops.environment.merging import Source, by_todays_names
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import LOGINS
from menuvo_ops.rollout.archive import Archive


def choose_login(archive: Archive, source: Source) -> None:
    """Write into a new environment which login it uses, whatever stands there: an old copy of it
    may name the one whose turn is over."""
    current = archive.current()
    if current is not None:
        env_file = archive.folder(current.number) / ".env"
        serving = by_todays_names(read_without_mistakes(env_file)).values
        source.values["APP_DB_USER"] = Redacted(login_after(serving, source.values))


def login_after(serving: Values, wanted: Values) -> str:
    """A new password is for the other login."""
    login = addresses.app_login(serving)
    if text(serving, "APP_DB_PASSWORD") == text(wanted, "APP_DB_PASSWORD"):
        return login
    return LOGINS[1 - LOGINS.index(login)]
