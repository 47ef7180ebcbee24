"""What strangers sent stands in logs, and a terminal would obey it."""


def harmless(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else ascii(c)[1:-1] for c in text)
