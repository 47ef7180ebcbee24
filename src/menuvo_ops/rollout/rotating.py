"""`menuvo env rotate`: what serves goes on, with another secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from menuvo_ops.environment.rotations import (
    NEXT,
    PREVIOUS,
    SIGNING,
    Rotation,
    following_stage,
    last_stage,
    renewed,
)
from menuvo_ops.environment.values import Values, text
from menuvo_ops.errors import NotReady
from menuvo_ops.rollout.drafting import source_of
from menuvo_ops.rollout.journal import Entry
from menuvo_ops.rollout.redrafting import draft_of_rotation
from menuvo_ops.rollout.rollout import Rollout
from menuvo_ops.rollout.scene import Options
from menuvo_ops.rollout.stack import COMPOSE_FILE
from menuvo_ops.rollout.taking import whoever
from menuvo_ops.rollout.telling import Ended, Noted
from menuvo_ops.rollout.verbs import Server

# The secret that an instance believes beside its own is mounted under this name.
_BELIEVED = "auth_secret_also"
_STALE = (
    "Does the workflow bring this secret too? Then its next deploy would bring the old one back:"
    " menuvo env github --set"
)
_FORGET = f"In a day, when no older page is open: menuvo env rotate {SIGNING} --finish"


@dataclass(frozen=True)
class Rotating:
    server: Server
    options: Options
    dry_run: bool

    def rotate(self, rotation: Rotation, brought: Mapping[str, str]) -> Ended:
        """First finish or take back what an earlier run had begun. The secret that signs has two
        stages."""
        signs = rotation.name == SIGNING
        names = (*rotation.names, NEXT) if signs else rotation.names
        with self.server.at_work() as rollout:
            ended = self._end_earlier(rollout, names, brought) or self._begin(
                rollout, renewed(rotation, self._values(), brought)
            )
            while signs and ended.outcome == "done" and (stage := following_stage(self._values())):
                self.server.tell(Noted(ended.sentence))
                ended = self._begin(rollout, stage, is_agreed=True)
        if ended.outcome != "done":
            return ended
        return replace(ended, hint="\n".join([*([_FORGET] if signs else []), _STALE]))

    def finish(self) -> Ended:
        """Forget the signing secret of before."""
        with self.server.at_work() as rollout:
            return self._end_earlier(rollout, (PREVIOUS,), {PREVIOUS: ""}) or self._begin(
                rollout, last_stage(self._values())
            )

    def _end_earlier(
        self, rollout: Rollout, names: Sequence[str], wanted: Mapping[str, str]
    ) -> Ended | None:
        return self.server.end_earlier(
            rollout, lambda entry: self._is_of(entry, names, wanted), dry_run=self.dry_run
        )

    def _begin(
        self, rollout: Rollout, values: Mapping[str, str], *, is_agreed: bool = False
    ) -> Ended:
        self._require_belief(values)
        target = draft_of_rotation(
            rollout.stack, rollout.archive, values, who=whoever(), tell=self.server.tell
        )
        # No schema changes, and a secret that became known cannot wait for a backup.
        options = replace(self.options, accept_stale_backup=True)
        server = replace(self.server, agrees=lambda: True) if is_agreed else self.server
        return server.begin(rollout, target, "rotation", options, dry_run=self.dry_run)

    def _require_belief(self, values: Mapping[str, str]) -> None:
        """A release that believes one secret alone would refuse what the other instance signs."""
        current = self.server.archive.serving()
        compose = self.server.archive.folder(current.number) / COMPOSE_FILE
        if values.keys() & {NEXT, PREVIOUS} and _BELIEVED not in compose.read_text():
            raise NotReady(
                f"Release {current.name} cannot believe two secrets at once.",
                hint="Deploy a newer one first: menuvo deploy",
            )

    def _is_of(self, entry: Entry, names: Sequence[str], wanted: Mapping[str, str]) -> bool:
        """Whether what was cut off is the very rotation that is asked for."""
        if entry.verb != "rotation" or entry.previous is None:
            return False
        before, after = (
            source_of(self.server.archive.folder(number)).values
            for number in (entry.previous, entry.release)
        )
        is_renewed = any(text(before, name) != text(after, name) for name in names)
        return is_renewed and all(text(after, name) == one for name, one in wanted.items())

    def _values(self) -> Values:
        archive = self.server.archive
        return source_of(archive.folder(archive.serving().number)).values
