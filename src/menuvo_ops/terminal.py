"""The two channels to the person: data on stdout, talk on stderr."""

import sys

from rich.console import Console

# Addresses must survive a pipe or a file in one piece.
_WIDTH_WITHOUT_TERMINAL = 240

data = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL)
talk = Console(
    stderr=True, highlight=False, width=None if sys.stderr.isatty() else _WIDTH_WITHOUT_TERMINAL
)
