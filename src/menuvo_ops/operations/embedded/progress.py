"""Tells what a supervisor does while it does it.

On a terminal a spinner names what is still awaited, and how far it is; elsewhere there are plain
lines.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.markup import escape

from menuvo_ops.local.events import Changed, Event, Failed, Note, Ready, Working
from menuvo_ops.local.services import State
from menuvo_ops.terminal import talk

_ARRIVED = (State.HEALTHY, State.DONE)
_ON_THE_WAY = (State.STARTING, State.STOPPING)
_TROUBLE = (State.RESTARTING, State.UNHEALTHY, State.FAILED)


@dataclass
class Progress:
    """One start or stop, from the first event to the last."""

    awaited: dict[str, float] = field(default_factory=dict[str, float])

    def follow(self, events: Iterable[Event]) -> Ready | Failed | None:
        """Tell events until everything is ready or failed; None when they simply end."""
        with talk.status("Preparing") as spinner:
            for event in events:
                match event:
                    case Ready() | Failed():
                        return event
                    case Note(text):
                        talk.print(escape(text))
                        spinner.update(escape(text))
                    case Working(text):
                        spinner.update(escape(text))
                    case Changed():
                        self.tell(event)
                        if self.awaited:
                            spinner.update(", ".join(self.awaited))
        return None

    def tell(self, event: Changed) -> None:
        name, state = event.service, event.state
        if state in _ON_THE_WAY:
            self.awaited[name] = time.monotonic()
        elif state in _TROUBLE:
            self.awaited.pop(name, None)
            talk.print(f"[yellow]{name:<15}[/] {state}: {escape(event.detail)}")
        elif name in self.awaited:
            seconds = time.monotonic() - self.awaited.pop(name)
            colour = "green" if state in _ARRIVED else "dim"
            talk.print(f"[{colour}]{name:<15}[/] {state} [dim]after {seconds:.1f} s[/]")
