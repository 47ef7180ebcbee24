"""Compose projects as argument lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """Files that are read in this order, under a name that tells it from all other projects."""

    name: str
    files: tuple[Path, ...]
    env_file: Path | None = None
    profiles: tuple[str, ...] = ()
    # What relative paths are meant from, where that is not the folder of the first file.
    directory: Path | None = None

    def command(self, *arguments: str) -> list[str]:
        options = [
            f"--project-name={self.name}",
            *(f"--file={file}" for file in self.files),
            *(f"--profile={profile}" for profile in self.profiles),
        ]
        if self.directory:
            options.append(f"--project-directory={self.directory}")
        if self.env_file:
            options.append(f"--env-file={self.env_file}")
        return ["docker", "compose", "--progress=quiet", *options, *arguments]


def up(project: Project, services: Sequence[str] = (), *, seconds: int) -> list[str]:
    """Start and wait until every service with a check is healthy; pulls and builds nothing."""
    waiting = ["--wait", f"--wait-timeout={seconds}"]
    return project.command("up", "--detach", "--pull=never", "--no-build", *waiting, *services)


def down(project: Project) -> list[str]:
    """Remove containers and networks, and the volumes with all that is in them."""
    return project.command("down", "--volumes", "--remove-orphans", "--timeout=5")


def config(project: Project) -> list[str]:
    """Prints the whole project as JSON, with every variable put in."""
    return project.command("config", "--format=json")


def config_hashes(project: Project) -> list[str]:
    """Prints a service and the hash of its configuration a line, as containers carry it."""
    return project.command("config", "--hash=*")


def config_images(project: Project) -> list[str]:
    return project.command("config", "--images")


def replace(project: Project, services: Sequence[str], *, anew: bool) -> list[str]:
    """Start these anew where their configuration or image is another one; the others are left
    alone, unless all are wanted `anew`."""
    options = ["--detach", "--no-deps", "--pull=never", "--no-build"]
    options += ["--force-recreate"] if anew else []
    return project.command("up", *options, *services)


def ps(project: Project) -> list[str]:
    """Prints one JSON object a line, for stopped containers too."""
    return project.command("ps", "--all", "--format=json")


def logs(project: Project, service: str, *, lines: int) -> list[str]:
    return project.command("logs", "--no-color", "--no-log-prefix", f"--tail={lines}", service)


def execute(project: Project, service: str, argv: Sequence[str]) -> list[str]:
    return project.command("exec", "--no-TTY", service, *argv)


def container_ids(project: Project, service: str) -> list[str]:
    return project.command("ps", "--all", "--quiet", service)


def pull_missing(project: Project) -> list[str]:
    """Fetch what the engine lacks."""
    return project.command("pull", "--policy=missing")


def run(project: Project, task: str) -> list[str]:
    """Run a service of the profile `tasks` to its end; prints what it prints."""
    return project.command("run", "--rm", "--no-TTY", "--no-deps", task)


def run_instead(
    project: Project, service: str, argv: Sequence[str], *, entrypoint: "str | None" = None
) -> list[str]:
    """Run another program in a container that is like the service's and is gone afterwards.
    `entrypoint` takes the place of the service's own."""
    options = ["--rm", "--no-TTY", "--no-deps"]
    options += [f"--entrypoint={entrypoint}"] if entrypoint else []
    return project.command("run", *options, service, *argv)


def restart(project: Project, service: str) -> list[str]:
    return project.command("restart", service)


def remove(project: Project, *, volumes: bool) -> list[str]:
    """Stop politely, then remove containers and networks."""
    return project.command("down", "--remove-orphans", *(["--volumes"] if volumes else []))


def logs_of(
    name: str,
    services: Sequence[str],
    *,
    last: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    follow: bool = False,
) -> list[str]:
    """Of the project with this name, whatever its files are; each line with its service and time.
    Compose calls `last` a tail, and counts it for each service."""
    moments = {"--since": since, "--until": until}
    options = [
        *([f"--tail={last}"] if last is not None else []),
        *(f"{option}={moment.isoformat()}" for option, moment in moments.items() if moment),
        *(["--follow"] if follow else []),
    ]
    shown = ["--no-color", "--timestamps", *options]
    return ["docker", "compose", f"--project-name={name}", "logs", *shown, *services]
