"""What the tool asks git."""


def commit() -> list[str]:
    return ["git", "rev-parse", "HEAD"]


def short_commit() -> list[str]:
    return ["git", "rev-parse", "--short", "HEAD"]


def changes() -> list[str]:
    return ["git", "status", "--porcelain"]
