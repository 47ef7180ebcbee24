"""Writes down what a new release consists of, before anything else happens."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.environment import Deployment, prepare
from menuvo_ops.environment.dotenv import Document
from menuvo_ops.environment.merging import Merge, Source, by_todays_names, complete
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.rendering import environment_file
from menuvo_ops.environment.values import text
from menuvo_ops.environment.writing import write
from menuvo_ops.errors import CommandFailed, NotReady
from menuvo_ops.rollout import references
from menuvo_ops.rollout.archive import PROGRAM, Archive
from menuvo_ops.rollout.clock import now
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.records import Release, Schema, parse_schema
from menuvo_ops.rollout.stack import OVERRIDE_FILE, Stack
from menuvo_ops.rollout.telling import Noted, Tell
from menuvo_ops.rollout.turns import choose_login
from menuvo_ops.shipping import bundle, pulling
from menuvo_ops.shipping.bundle import Bundle

_PULL_SECONDS = 1800


def draft_of_deploy(
    stack: Stack,
    archive: Archive,
    program: Path,
    *,
    given: Mapping[str, str],
    who: str,
    tell: Tell,
    interruption: Interruption,
) -> Release:
    """Fill the draft from a release file and today's environment.

    `given` are values of the environment that replace those which are there.
    """
    source, closing = _today(stack.deployment)
    source.values.update({name: Redacted(value) for name, value in given.items()})
    override = stack.directory / OVERRIDE_FILE
    files = {OVERRIDE_FILE: override.read_bytes()} if override.is_file() else {}
    wanted = _Wanted(program, source, closing, files, who)
    return _draft(stack, archive, wanted, tell, interruption)


def draft_of_rebuild(
    stack: Stack,
    archive: Archive,
    program: Path,
    *,
    source: Source,
    files: Mapping[str, str],
    who: str,
    tell: Tell,
    interruption: Interruption,
) -> Release:
    """Fill the draft from a release file and the environment that was brought along; what that does
    not say is as it is here, if anything is."""
    if stack.deployment.env_file.exists():
        here, _ = _today(stack.deployment)
        source.values.update(
            {name: one for name, one in here.values.items() if not source.values.get(name)}
        )
    texts = {name: content.encode() for name, content in files.items()}
    return _draft(stack, archive, _Wanted(program, source, (), texts, who), tell, interruption)


@dataclass(frozen=True)
class _Wanted:
    """`files` are the operator's own."""

    program: Path
    source: Source
    closing: tuple[str, ...]
    files: Mapping[str, bytes]
    who: str


def _draft(
    stack: Stack, archive: Archive, wanted: _Wanted, tell: Tell, interruption: Interruption
) -> Release:
    shipped = bundle.read(wanted.program)
    folder = archive.new_draft()
    _write_files(folder, shipped)
    shutil.copyfile(wanted.program, folder / PROGRAM)
    for name, content in wanted.files.items():
        write(folder / name, content, mode=0o644)
    source, closing = wanted.source, wanted.closing
    choose_login(archive, source)
    write_environment(folder, source, _references(source, shipped), closing, tell)
    prepare(folder)
    _pull_missing(stack, folder, tell, interruption)
    _pin(stack, folder, closing)
    images = _images(stack, folder)
    platform = text(source_of(folder).values, "PLATFORM_IMAGE")
    previous = archive.current()
    return Release(
        number=archive.next_number(),
        version=shipped.version,
        images=images,
        schema=schema_of(stack, platform),
        made_at=now(),
        made_by=wanted.who,
        previous=previous.number if previous else None,
    )


def schema_of(stack: Stack, image: str) -> Schema:
    """As the image itself says it."""
    argv = docker.run_once(image, ["menuvo-platform", "schema"])
    try:
        return parse_schema(stack.shell.run(argv, what="Asking the image for its schema"))
    except (CommandFailed, ValueError, KeyError) as error:
        raise NotReady(
            f"The image {image} does not say on which schema it runs.",
            hint=f"Is it a platform image of Menuvo? {error}",
        ) from error


def _write_files(folder: Path, shipped: Bundle) -> None:
    for name, content in shipped.files.items():
        if name == "env.example":
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / name, content, mode=0o755 if name in shipped.executables else 0o644)


def require_environment(deployment: Deployment) -> None:
    if not deployment.env_file.exists():
        raise NotReady(
            f"There is no environment in {deployment.directory}.",
            hint="Make one: menuvo env init --domain YOUR.DOMAIN",
        )


def _today(deployment: Deployment) -> tuple[Source, tuple[str, ...]]:
    require_environment(deployment)
    document = read_without_mistakes(deployment.env_file)
    return by_todays_names(document), document.closing


def source_of(folder: Path) -> Source:
    """The environment of a folder, as it is written there."""
    file = folder / ".env"
    return by_todays_names(read_without_mistakes(file) if file.exists() else Document())


def _references(source: Source, shipped: Bundle) -> dict[str, str]:
    platform = references.of_platform(text(source.values, "PLATFORM_IMAGE"), shipped.version)
    return {
        "VERSION": shipped.version,
        "PLATFORM_IMAGE": platform,
        **{
            variable: references.of_sibling(
                platform, name, shipped.images[name], text(source.values, variable)
            )
            for variable, name in (("CADDY_IMAGE", "caddy"), ("BACKUP_IMAGE", "backup"))
        },
    }


def write_environment(
    folder: Path,
    source: Source,
    decided: Mapping[str, str],
    closing: tuple[str, ...],
    tell: Tell,
) -> None:
    """With a value for every name that this release needs and a machine can make."""
    source.values.update({name: Redacted(value) for name, value in decided.items()})
    merged = Merge(dict(source.values), dict(source.unknown), dict(source.comments))
    complete(merged)
    if merged.generated:
        tell(Noted(f"Made for the environment: {', '.join(merged.generated)}."))
    content = environment_file(merged.values, merged.unknown, merged.comments, closing)
    write(folder / ".env", content.encode(), mode=0o600)


def _pull_missing(stack: Stack, folder: Path, tell: Tell, interruption: Interruption) -> None:
    for reference in stack.image_references(stack.project(folder)):
        if stack.image(reference) is None:
            tell(Noted(f"Pulling {reference}"))
            pull(stack, reference, interruption)


def pull(stack: Stack, reference: str, interruption: Interruption) -> None:
    """Raises ImageUnavailable with what the registry's refusal means."""
    try:
        stack.shell.run(
            docker.pull(reference),
            what="Pulling",
            seconds=_PULL_SECONDS,
            interruption=interruption,
        )
    except CommandFailed as failure:
        raise pulling.explain(reference, failure.hint) from failure


def _pin(stack: Stack, folder: Path, closing: tuple[str, ...]) -> None:
    """Our own images by digest, where a registry has one."""
    source = source_of(folder)
    for variable in ("PLATFORM_IMAGE", "CADDY_IMAGE", "BACKUP_IMAGE"):
        reference = text(source.values, variable)
        image = stack.image(reference)
        if image is not None:
            source.values[variable] = Redacted(references.pinned(reference, image.digests))
    content = environment_file(source.values, source.unknown, source.comments, closing)
    write(folder / ".env", content.encode(), mode=0o600)


def _images(stack: Stack, folder: Path) -> dict[str, str]:
    """The id of every image of the compose file. Raises NotReady for one that cannot run here."""
    architecture = stack.shell.run(docker.architecture(), what="Asking Docker").strip()
    found: dict[str, str] = {}
    for reference in stack.image_references(stack.project(folder)):
        image = stack.image(reference)
        if image is None:
            raise NotReady(f"The image {reference} has gone again.", hint="Run this again.")
        if image.architecture != architecture:
            raise NotReady(
                f"{reference} is built for {image.architecture}; this server is {architecture}.",
                hint="Build the image for this architecture as well.",
            )
        found[reference] = image.id
    return found
