"""Docker and Compose as data: nothing runs here."""

from pathlib import Path

from menuvo_ops.commands import compose, docker
from menuvo_ops.commands.docker import Build

STACK = compose.Project(
    "menuvo-7", (Path("/c/docker-compose.yml"), Path("/t/more.yml")), env_file=Path("/t/.env")
)
PREFIX = [
    *["docker", "compose", "--progress=quiet", "--project-name=menuvo-7"],
    *["--file=/c/docker-compose.yml", "--file=/t/more.yml", "--env-file=/t/.env"],
]


def test_a_build_names_its_file_and_ends_with_its_context() -> None:
    image = Build(dockerfile=Path("/c/infra/Dockerfile"), context=Path("/c"), tag="menuvo:1")
    assert docker.build(image) == [
        *["docker", "buildx", "build", "--load", "--progress=plain"],
        *["--tag=menuvo:1", "--file=/c/infra/Dockerfile", "/c"],
    ]


def test_a_build_passes_arguments_contexts_secrets_and_labels_on() -> None:
    image = Build(
        dockerfile=Path("/c/Dockerfile"),
        context=Path("/c"),
        tag="menuvo:1",
        arguments={"VERSION": "1 beta"},
        contexts={"caddy-binary": "/cache/caddy"},
        secrets={"ca": Path("/etc/ca.crt")},
        labels={"menuvo.commit": "abc"},
    )
    assert docker.build(image)[7:] == [
        "--build-arg=VERSION=1 beta",
        "--build-context=caddy-binary=/cache/caddy",
        "--secret=id=ca,src=/etc/ca.crt",
        "--label=menuvo.commit=abc",
        "/c",
    ]


def test_a_project_starts_with_what_is_there_and_waits_for_health() -> None:
    assert compose.up(STACK, ["postgres", "redis"], seconds=90) == [
        *PREFIX,
        *["up", "--detach", "--pull=never", "--no-build", "--wait", "--wait-timeout=90"],
        *["postgres", "redis"],
    ]


def test_a_project_goes_with_its_volumes() -> None:
    argv = compose.down(STACK)
    assert argv == [*PREFIX, "down", "--volumes", "--remove-orphans", "--timeout=5"]


def test_a_command_in_a_service_needs_no_terminal() -> None:
    argv = compose.execute(STACK, "redis", ["redis-cli", "ping"])
    assert argv == [*PREFIX, "exec", "--no-TTY", "redis", "redis-cli", "ping"]


def test_a_profile_is_asked_for_by_name() -> None:
    project = compose.Project("p", (Path("/c.yml"),), profiles=("jobs",))
    assert "--profile=jobs" in compose.config(project)
