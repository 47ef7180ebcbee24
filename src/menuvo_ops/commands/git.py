"""What the tool asks git."""


def short_commit() -> list[str]:
    return ["git", "rev-parse", "--short", "HEAD"]


def changes() -> list[str]:
    return ["git", "status", "--porcelain"]
