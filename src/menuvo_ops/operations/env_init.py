"""`menuvo env init`: a complete environment of what is there, what is told and what is made."""

import sys
from collections.abc import Iterator
from pathlib import Path

from rich.markup import escape

from menuvo_ops.environment import Deployment, examine
from menuvo_ops.environment.checks import judge
from menuvo_ops.environment.dotenv import Document
from menuvo_ops.environment.merging import (
    Merge,
    Source,
    by_todays_names,
    complete,
    merge,
    seal_backups,
)
from menuvo_ops.environment.production import with_defaults
from menuvo_ops.environment.reading import exposed_mode, invalid, read_without_mistakes
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.rendering import environment_file
from menuvo_ops.environment.secret_files import materialise
from menuvo_ops.environment.values import text
from menuvo_ops.environment.variable import Variable
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.environment.writing import write_if_changed
from menuvo_ops.errors import Usage
from menuvo_ops.terminal import data, talk

# Nobody knows these by heart: a deploy writes the one, and the other is half of a pair.
_NEVER_ASKED = {"VERSION", "BESZEL_AGENT_KEY"}

_KEEP_THE_IDENTITY = (
    "Write BACKUP_AGE_IDENTITY down somewhere else as well, now: with this server it is lost, and"
    " with it every backup in the bucket."
)


def init(deployment: Deployment, *, from_file: Path | None, domain: str | None, seal: bool) -> None:
    typed = _typed(domain)
    with deployment.locked():
        document = _document(deployment.env_file)
        existing = _source(deployment.env_file, document)
        _refuse_another_domain(existing, typed)
        sources = [existing, typed, *_others(deployment, existing, typed, from_file)]
        merged = merge(sources)
        complete(merged)
        if seal:
            seal_backups(merged)
        content = environment_file(merged.values, merged.unknown, merged.comments, document.closing)
        exposed = exposed_mode(deployment.env_file)
        written = write_if_changed(deployment.env_file, content.encode(), mode=0o600)
        changed = materialise(deployment, merged.values)
    renamed = [pair for source in sources for pair in source.renamed]
    if exposed is not None:
        _say(f"{deployment.env_file} could be read by others (mode {exposed:04o}); now it is 0600.")
    _report(deployment, merged, renamed, written=written or bool(changed))


def _typed(domain: str | None) -> Source:
    if domain is None:
        return Source()
    problem = judge(VARIABLES["DOMAIN"], domain)
    if problem:
        looks_like = VARIABLES["DOMAIN"].looks_like
        raise Usage(f"The domain {problem}.", hint=f"It looks like: {looks_like}.")
    return Source({"DOMAIN": Redacted(domain)})


def _document(file: Path) -> Document:
    return read_without_mistakes(file) if file.exists() else Document()


def _source(file: Path, document: Document) -> Source:
    source = by_todays_names(document)
    if source.mistakes:
        raise invalid(file, map(str, source.mistakes))
    return source


def _refuse_another_domain(existing: Source, typed: Source) -> None:
    there, wanted = text(existing.values, "DOMAIN"), text(typed.values, "DOMAIN")
    if there and wanted and there != wanted:
        raise Usage(
            f"The domain is {there} already; a value that is there is never replaced.",
            hint="Change DOMAIN in .env, and run this again without --domain.",
        )


def _others(
    deployment: Deployment, existing: Source, typed: Source, from_file: Path | None
) -> Iterator[Source]:
    if from_file is not None:
        if from_file.resolve() != deployment.env_file.resolve():
            yield _source(from_file, read_without_mistakes(from_file))
    elif not existing.values and sys.stdin.isatty() and sys.stderr.isatty():
        yield _asked(typed)


def _asked(typed: Source) -> Source:
    """Ask for what nothing else can tell. Enter leaves it empty, Ctrl-D leaves the rest."""
    talk.print("Press Enter to leave something empty, Ctrl-D to leave the rest.")
    answers = Source(dict(typed.values))
    try:
        for variable in VARIABLES.values():
            if _must_be_asked(variable, answers):
                answers.values[variable.name] = Redacted(_ask(variable))
    except EOFError:
        talk.print()
    return answers


def _must_be_asked(variable: Variable, answers: Source) -> bool:
    makes_itself = variable.default or variable.make or variable.name in _NEVER_ASKED
    known = answers.values.get(variable.name)
    return not (makes_itself or known) and variable.needed.holds(with_defaults(answers.values))


def _ask(variable: Variable) -> str:
    talk.print(f"\n[bold]{variable.name}[/]  {escape(variable.help)}")
    while True:
        answer = talk.input(f"({escape(variable.looks_like)}): ", password=variable.secret).strip()
        problem = judge(variable, answer) if answer else None
        if problem is None:
            return answer
        talk.print(f"[red]{escape(f'This {problem}.')}[/]")


def _report(
    deployment: Deployment, merged: Merge, renamed: list[tuple[str, str]], *, written: bool
) -> None:
    """Names only: what was added is a secret more often than not."""
    _say(f"{'Wrote' if written else 'Nothing to add to'} {deployment.env_file}.")
    _list("Taken over", merged.taken)
    _list("Renamed", [f"{old} -> {new}" for old, new in renamed])
    _list("Generated", merged.generated)
    if "BACKUP_AGE_IDENTITY" in merged.generated:
        _say(_KEEP_THE_IDENTITY)
    _list("Set to the default", merged.set_to_default)
    _list("Unknown, and kept", list(merged.unknown))
    _list("Not replaced, though the other file says something else", merged.disregarded)
    findings = examine(deployment).findings
    for severity, title in (("error", "To fill in or mend"), ("warning", "Worth a look")):
        told = [f"  {finding}" for finding in findings if finding.severity == severity]
        if told:
            _say("\n".join([f"{title}:", *told]))


def _list(title: str, entries: list[str]) -> None:
    if entries:
        _say(f"{title}: {', '.join(entries)}")


def _say(line: str) -> None:
    data.print(escape(line), soft_wrap=True)
