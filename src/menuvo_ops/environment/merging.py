"""Makes a complete environment of what is there: no value that somebody chose is replaced."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from menuvo_ops.environment import age
from menuvo_ops.environment.dotenv import Assignment, Document, Mistake
from menuvo_ops.environment.generation import key_pair
from menuvo_ops.environment.keys import public_half
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.values import text, words
from menuvo_ops.environment.variables import ALIASES, VARIABLES


@dataclass
class Source:
    """One document by today's names."""

    values: dict[str, Redacted] = field(default_factory=dict[str, Redacted])
    unknown: dict[str, Redacted] = field(default_factory=dict[str, Redacted])
    comments: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    renamed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    mistakes: list[Mistake] = field(default_factory=list[Mistake])


@dataclass
class Merge:
    values: dict[str, Redacted]
    unknown: dict[str, Redacted]
    comments: dict[str, tuple[str, ...]]
    taken: list[str] = field(default_factory=list[str])
    set_to_default: list[str] = field(default_factory=list[str])
    generated: list[str] = field(default_factory=list[str])
    # Names for which the other source has another value than the one that is kept.
    disregarded: list[str] = field(default_factory=list[str])


def by_todays_names(document: Document) -> Source:
    source = Source()
    for assignment in document.assignments:
        _take(source, assignment)
    return source


def _take(source: Source, assignment: Assignment) -> None:
    name = ALIASES.get(assignment.name, assignment.name)
    if name != assignment.name:
        source.renamed.append((assignment.name, name))
    target = source.values if name in VARIABLES else source.unknown
    before = target.get(name)
    if before and assignment.value and before != assignment.value:
        problem = f"{assignment.name} is another name of {name}, which has another value"
        source.mistakes.append(Mistake(assignment.line, problem))
    elif not before:
        target[name] = assignment.value
    if assignment.comments:
        source.comments[name] = (*source.comments.get(name, ()), *assignment.comments)


def merge(sources: Iterable[Source]) -> Merge:
    """Earlier sources win; the first one is what is there already."""
    first, *others = sources
    merged = Merge(dict(first.values), dict(first.unknown), dict(first.comments))
    for source in others:
        _add(merged, source)
    return merged


def _add(merged: Merge, source: Source) -> None:
    for mine, theirs in ((merged.values, source.values), (merged.unknown, source.unknown)):
        for name, value in theirs.items():
            if not mine.get(name):
                mine[name] = value
                if value:
                    merged.taken.append(name)
            elif value and value != mine[name]:
                merged.disregarded.append(name)
    merged.comments |= {n: c for n, c in source.comments.items() if n not in merged.comments}


def complete(merged: Merge) -> None:
    """Add what has a default and what a machine can make."""
    for variable in VARIABLES.values():
        if merged.values.get(variable.name):
            continue
        made = variable.default or (variable.make(merged.values) if variable.make else "")
        merged.values[variable.name] = Redacted(made)
        if made:
            (merged.set_to_default if variable.default else merged.generated).append(variable.name)
    _complete_key_pair(merged)


def seal_backups(merged: Merge) -> None:
    """Give it a pair of keys. A recipient alone stays alone: its identity is kept elsewhere."""
    if text(merged.values, "BACKUP_AGE_RECIPIENT"):
        return
    identity = text(merged.values, "BACKUP_AGE_IDENTITY")
    if not identity:
        identity = age.new_identity()
        merged.values["BACKUP_AGE_IDENTITY"] = Redacted(identity)
        merged.generated.append("BACKUP_AGE_IDENTITY")
    recipient = age.recipient_of(words(identity)[0])
    if recipient:
        merged.values["BACKUP_AGE_RECIPIENT"] = Redacted(recipient)
        merged.generated.append("BACKUP_AGE_RECIPIENT")


def _complete_key_pair(merged: Merge) -> None:
    """A public half alone belongs to a hub whose volume keeps the other one: it stays alone."""
    public, private = (text(merged.values, name) for name in ("BESZEL_AGENT_KEY", "BESZEL_HUB_KEY"))
    if not public and not private:
        private, public = key_pair()
        merged.values["BESZEL_HUB_KEY"] = Redacted(private)
        merged.generated.append("BESZEL_HUB_KEY")
    if not text(merged.values, "BESZEL_AGENT_KEY"):
        public = public or public_half(private) or ""
        merged.values["BESZEL_AGENT_KEY"] = Redacted(public)
        merged.generated += ["BESZEL_AGENT_KEY"] if public else []
