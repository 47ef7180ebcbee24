"""What a supervisor tells the command that started it, one JSON object per line."""

import json
from dataclasses import asdict, dataclass
from typing import TypeAlias, cast

from menuvo_ops.errors import OpsError
from menuvo_ops.local.services import State


@dataclass(frozen=True)
class Note:
    """A step that is not a service: a download, a port that had to change."""

    text: str


@dataclass(frozen=True)
class Working:
    """How far a long step is: the next one takes its place."""

    text: str


@dataclass(frozen=True)
class Changed:
    service: str
    state: State
    detail: str = ""


@dataclass(frozen=True)
class Ready:
    pass


@dataclass(frozen=True)
class Failed:
    message: str
    hint: str = ""
    exit_code: int = 1

    def as_error(self) -> OpsError:
        error = OpsError(self.message, hint=self.hint)
        error.exit_code = self.exit_code
        return error


Event: TypeAlias = Note | Working | Changed | Ready | Failed


def encode(event: Event) -> str:
    return json.dumps({"event": type(event).__name__, **asdict(event)}) + "\n"


def decode(line: str) -> Event:
    fields = cast("dict[str, object]", json.loads(line))
    match fields.pop("event"):
        case "Note":
            return Note(str(fields["text"]))
        case "Working":
            return Working(str(fields["text"]))
        case "Changed":
            state = State(str(fields["state"]))
            return Changed(str(fields["service"]), state, str(fields["detail"]))
        case "Failed":
            code = cast("int", fields["exit_code"])
            return Failed(str(fields["message"]), str(fields["hint"]), code)
        case _:
            return Ready()
