"""Takes the file of a release out of its image: a version that is asked for brings its tool."""

import hashlib
from pathlib import Path

from menuvo_ops.commands import docker
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.environment.writing import provide_folder
from menuvo_ops.errors import CommandFailed, NotReady
from menuvo_ops.rollout import references
from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.drafting import pull, require_environment
from menuvo_ops.rollout.interruption import Interruption
from menuvo_ops.rollout.stack import Stack
from menuvo_ops.rollout.telling import Noted, Tell
from menuvo_ops.shipping.layout import IN_IMAGE


def program_of(
    stack: Stack, archive: Archive, version: str, *, tell: Tell, interruption: Interruption
) -> Path:
    """Where the file lies now, named by its content."""
    reference = references.of_platform(_given_reference(stack), version)
    if stack.image(reference) is None:
        tell(Noted(f"Pulling {reference}"))
        pull(stack, reference, interruption)
    return take_out(stack, archive, reference)


def take_out(stack: Stack, archive: Archive, reference: str) -> Path:
    archive.provide()
    provide_folder(archive.incoming, mode=0o700)
    partial = archive.incoming / "partial"
    container = stack.shell.run(docker.create(reference), what="Opening the image").strip()
    try:
        argv = docker.copy_from(container, IN_IMAGE, partial)
        stack.shell.run(argv, what="Taking the release's file out of its image")
    except CommandFailed as failure:
        raise NotReady(
            f"The image {reference} carries no release.",
            hint=f"Images since this tool do; an older one is deployed by hand.\n{failure.hint}",
        ) from failure
    finally:
        stack.shell.run(docker.remove_container(container), what="Closing the image")
    named = archive.incoming / f"{hashlib.sha256(partial.read_bytes()).hexdigest()[:16]}.pyz"
    return partial.replace(named)


def _given_reference(stack: Stack) -> str:
    # Said here already: without it, an image would be fetched that may be quite another one.
    require_environment(stack.deployment)
    document = read_without_mistakes(stack.deployment.env_file)
    found = (one.value.reveal() for one in document.assignments if one.name == "PLATFORM_IMAGE")
    return next(found, "")
