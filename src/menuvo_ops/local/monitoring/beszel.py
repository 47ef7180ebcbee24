"""A folder in which Beszel's hub and agent find each other."""

from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.environment.generation import key_pair
from menuvo_ops.environment.writing import write

# Where production's containers share it.
_SOCKET = "/beszel_socket/agent.sock"


@dataclass(frozen=True)
class Folder:
    """The hub keeps its data here, and reads its own key and its list of systems from here."""

    path: Path

    @property
    def public_key(self) -> Path:
        return self.path / "agent.pub"

    @property
    def socket(self) -> Path:
        return self.path / "agent.sock"

    def furnish(self, systems: str, *, socket: str) -> None:
        """`systems` is production's list; `socket` is how both of them name theirs.

        Raises MissingProgram without ssh-keygen, the first time.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.public_key.exists():
            private, public = key_pair()
            write(self.path / "id_ed25519", private.encode(), mode=0o600)
            write(self.public_key, public.encode(), mode=0o600)
        config = systems.replace(_SOCKET, socket)
        write(self.path / "config.yml", config.encode(), mode=0o600)
