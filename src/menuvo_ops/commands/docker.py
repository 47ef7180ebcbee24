"""Docker's own client as argument lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


def server_version() -> list[str]:
    """Fails when no engine answers."""
    return ["docker", "version", "--format", "{{.Server.Version}}"]


def compose_version() -> list[str]:
    return ["docker", "compose", "version", "--short"]


def buildx_version() -> list[str]:
    return ["docker", "buildx", "version"]


@dataclass(frozen=True)
class Build:
    """One image. `contexts` take the place of stages or bases of the same name."""

    dockerfile: Path
    context: Path
    tag: str
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    contexts: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, Path] = field(default_factory=dict[str, Path])
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


def build(image: Build) -> list[str]:
    options = [
        *(f"--build-arg={name}={value}" for name, value in image.arguments.items()),
        *(f"--build-context={name}={place}" for name, place in image.contexts.items()),
        *(f"--secret=id={name},src={file}" for name, file in image.secrets.items()),
        *(f"--label={name}={value}" for name, value in image.labels.items()),
    ]
    named = [f"--tag={image.tag}", f"--file={image.dockerfile}"]
    command = ["docker", "buildx", "build", "--load", "--progress=plain"]
    return [*command, *named, *options, str(image.context)]


def look_up(reference: str, *, seconds: int = 20) -> list[str]:
    """Ask the registry whether it has an image, without fetching it; silence is a no."""
    return ["timeout", str(seconds), "docker", "buildx", "imagetools", "inspect", reference]


def look_up_platforms(reference: str, *, seconds: int = 20) -> list[str]:
    """Ask the registry for which platforms it has an image, without fetching it; prints JSON."""
    return [*look_up(reference, seconds=seconds), "--format", "{{json .Image}}"]


def data_folder() -> list[str]:
    return ["docker", "info", "--format", "{{.DockerRootDir}}"]


def memory_kills(project: str, *, until: int) -> list[str]:
    """Prints the service of each container of a compose project in which the kernel ended a process
    for want of memory, as far back as the engine remembers; `until` in seconds of the epoch."""
    filters = ["--filter=event=oom", f"--filter=label=com.docker.compose.project={project}"]
    shown = '{{index .Actor.Attributes "com.docker.compose.service"}}'
    return ["docker", "events", "--since=24h", f"--until={until}", *filters, f"--format={shown}"]


def info() -> list[str]:
    """Prints JSON."""
    return ["docker", "info", "--format", "json"]


def published_ports() -> list[str]:
    """Prints name and ports of every container that runs, a tab between them."""
    return ["docker", "ps", "--format", "{{.Names}}\t{{.Ports}}"]


def disk_usage() -> list[str]:
    """Prints one JSON object a line: images, containers, volumes, what builds remember."""
    return ["docker", "system", "df", "--format", "json"]


def pull(reference: str) -> list[str]:
    return ["docker", "pull", "--quiet", reference]


def create(reference: str) -> list[str]:
    """A container that never runs, to copy files out of; prints its id."""
    return ["docker", "create", "--pull=never", "--network=none", reference]


def copy_from(container: str, path: str, target: Path) -> list[str]:
    return ["docker", "cp", "--quiet", f"{container}:{path}", str(target)]


def remove_container(container: str) -> list[str]:
    return ["docker", "rm", "--force", container]


def import_image(archive: Path, tag: str, *, changes: Sequence[str] = ()) -> list[str]:
    """Make one image of a root file system; `changes` are lines of a Dockerfile."""
    instructions = [part for change in changes for part in ("--change", change)]
    return ["docker", "import", *instructions, str(archive), tag]


def list_images(*labels: str) -> list[str]:
    filters = [f"--filter=label={label}" for label in labels]
    shown = "{{.Repository}}:{{.Tag}}"
    return ["docker", "image", "ls", *filters, "--format", shown]


def prune_images(label: str) -> list[str]:
    """Remove those with this label that have lost their name to a newer one."""
    return ["docker", "image", "prune", "--force", f"--filter=label={label}"]


def inspect_containers(containers: Sequence[str]) -> list[str]:
    """Prints JSON."""
    return ["docker", "container", "inspect", *containers]


def logs(container: str, *, lines: int) -> list[str]:
    return ["docker", "logs", "--tail", str(lines), container]


def memory(containers: Sequence[str] = ()) -> list[str]:
    """Prints one JSON object a line. Fails when one of them vanishes meanwhile, unless none is
    named and all are meant."""
    return ["docker", "stats", "--no-stream", "--format", "json", *containers]


def containers_of(project: str) -> list[str]:
    """Prints the ids of a compose project's containers, stopped ones too, but not of its tasks."""
    return ["docker", "ps", "--all", "--quiet", "--no-trunc", *_lasting(project)]


def _lasting(project: str) -> list[str]:
    labels = [f"com.docker.compose.project={project}", "com.docker.compose.oneoff=False"]
    return [f"--filter=label={label}" for label in labels]


def services_of(project: str) -> list[str]:
    """Prints the service of each of its containers, as `containers_of` names them."""
    shown = '{{.Label "com.docker.compose.service"}}'
    return ["docker", "ps", "--all", *_lasting(project), f"--format={shown}"]


def one_offs_of(project: str, service: str) -> list[str]:
    """Prints the ids of the containers that `compose run` made of a service and that still run."""
    labels = [
        f"com.docker.compose.project={project}",
        f"com.docker.compose.service={service}",
        "com.docker.compose.oneoff=True",
    ]
    return ["docker", "ps", "--quiet", *(f"--filter=label={label}" for label in labels)]


def stop(container: str) -> list[str]:
    """With the container's own grace; returns when it has stopped."""
    return ["docker", "stop", container]


def execute(container: str, argv: Sequence[str]) -> list[str]:
    return ["docker", "exec", container, *argv]


def execute_typed(container: str, argv: Sequence[str]) -> list[str]:
    """The program reads what is typed to Docker."""
    return ["docker", "exec", "--interactive", container, *argv]


def inspect_image(reference: str) -> list[str]:
    """Prints JSON; fails when the image is not here."""
    return ["docker", "image", "inspect", reference]


def architecture() -> list[str]:
    return ["docker", "version", "--format", "{{.Server.Arch}}"]


def remove_image(reference: str) -> list[str]:
    """Refuses what a container uses."""
    return ["docker", "image", "rm", reference]


def run_once(image: str, argv: Sequence[str]) -> list[str]:
    """Without network, rights or anything that stays."""
    options = ["--rm", "--network=none", "--read-only", "--cap-drop=ALL", "--pull=never"]
    return ["docker", "run", *options, "--memory=256m", image, *argv]


def run_apart(
    image: str,
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    files: Mapping[str, Path],
) -> list[str]:
    """With a way out and a folder /tmp, and without anything that stays: no network or volume is
    made for it. `files` are read-only, by their path in it."""
    options = ["--rm", "--init", "--read-only", "--cap-drop=ALL", "--pull=never", "--memory=256m"]
    options += ["--security-opt=no-new-privileges=true", "--tmpfs=/tmp:size=64m,mode=1777"]
    options += [f"--env={name}={value}" for name, value in environment.items()]
    options += [f"--volume={file}:{path}:ro" for path, file in files.items()]
    return ["docker", "run", *options, image, *argv]


def volumes_of(project: str, volume: str) -> list[str]:
    """Prints the name of a compose project's volume, if there is one."""
    labels = [f"com.docker.compose.project={project}", f"com.docker.compose.volume={volume}"]
    filters = [f"--filter=label={label}" for label in labels]
    return ["docker", "volume", "ls", "--quiet", *filters]
