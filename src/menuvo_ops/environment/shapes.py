"""What values look like that more than one group of names has."""

from menuvo_ops.environment import generation
from menuvo_ops.environment.variable import Variable

URL = r"https?://[^\s/?#@]+(?:/[^\s?#]*)?"
ENDPOINT = r"https?://[^\s/?#@]+/?"
REGION = r"[a-z0-9-]+"
# A dot at its beginning hides a folder, or leads out of it.
FOLDER = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
KEY = r"\S{3,}"
# A file's reader may strip what a password begins or ends with.
LINE = r"(?!\s)[^\x00-\x1f\x7f]+(?<!\s)"
# What goes through every proxy as it is, and means nothing to one that knows patterns.
HEADER = r"[A-Za-z0-9_-]+"
R2 = "https://ACCOUNT.r2.cloudflarestorage.com"


def generated(
    name: str, purpose: str, *, file: str = "", shortest: int = 12, pattern: str = LINE
) -> Variable:
    return Variable(
        name,
        purpose,
        f"at least {shortest} random characters; `menuvo env init` makes them",
        pattern,
        make=generation.password,
        secret=True,
        file=file,
        shortest=shortest,
    )
