"""Logging in to a registry as the guide says, and what is said when that was left out."""

import json
import os
import re
import subprocess
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

from menuvo_ops.commands import docker
from menuvo_ops.errors import MissingProgram
from menuvo_ops.local.ports import free_port
from menuvo_ops.shipping import inputs, pulling
from menuvo_ops.terminal import talk
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT
from tests.system.bed.registry import Registry, running_registry

pytestmark = pytest.mark.core

GUIDE = CHECKOUT / "docs/guides/registry-login.md"
SCRIPTS = CHECKOUT / ".github/scripts"
EXISTS = "menuvo-platform:4f2a91c0"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Generator[Registry]:
    try:
        with running_registry(tmp_path_factory.mktemp("registry"), talk.print) as running:
            yield running
    except MissingProgram as missing:
        pytest.skip(f"a registry is built with Go: {missing.message}")


@pytest.fixture(scope="module")
def operator(
    bed: Bed, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Who is logged in and has pushed one tiny image."""
    environment = registry.client(bed.engine, tmp_path_factory.mktemp("operator"))
    login = ["docker", "login", registry.address, "--username", registry.user, "--password-stdin"]
    run(login, environment, stdin=registry.token)
    push_tiny(registry, environment, *EXISTS.split(":"))
    return environment


def push_tiny(registry: Registry, environment: Mapping[str, str], name: str, tag: str) -> str:
    """An image of nothing but a label; returns its reference."""
    reference = registry.reference(name, tag)
    argv = ["docker", "buildx", "build", "--quiet", "--load", f"--tag={reference}", "-"]
    run(argv, environment, stdin=f"FROM scratch\nLABEL name={name}-{tag}\n")
    run(["docker", "push", "--quiet", reference], environment)
    run(["docker", "image", "rm", reference], environment)
    return reference


def run(argv: list[str], environment: Mapping[str, str], *, stdin: str = "") -> str:
    done = attempt(argv, environment, stdin=stdin)
    assert done.returncode == 0, f"{argv}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def attempt(
    argv: list[str], environment: Mapping[str, str], *, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        input=stdin,
        env={**os.environ, **environment},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_of_the_guide_does_what_it_says(
    bed: Bed, registry: Registry, operator: Mapping[str, str], tmp_path: Path
) -> None:
    """The token is typed once; then it is found nowhere but in the file that the guide names."""
    kept = tmp_path / ".docker"
    server = registry.client(bed.engine, kept)
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    login, look, logout = [block.replace("ghcr.io", registry.address) for block in blocks]

    before = attempt(["bash", "-ec", look], server)
    assert before.returncode != 0
    run(["bash", "-ec", login], server, stdin=f"{registry.token}\n")
    assert (kept / "config.json").stat().st_mode & 0o777 == 0o600
    assert registry.address in json.loads((kept / "config.json").read_text())["auths"]
    assert EXISTS in run(["bash", "-ec", look], server)
    reference = registry.reference(*EXISTS.split(":"))
    run(docker.pull(reference), server)
    run(["docker", "image", "rm", reference], server)
    run(["bash", "-ec", logout], server)
    assert not json.loads((kept / "config.json").read_text()).get("auths")


def test_a_wrong_token_is_refused(bed: Bed, registry: Registry, tmp_path: Path) -> None:
    client = registry.client(bed.engine, tmp_path)
    login = ["docker", "login", registry.address, "--username", registry.user, "--password-stdin"]
    assert attempt(login, client, stdin="wrong").returncode != 0


def test_a_server_without_a_login_is_told_to_log_in(
    bed: Bed, registry: Registry, operator: Mapping[str, str], tmp_path: Path
) -> None:
    reference = registry.reference(*EXISTS.split(":"))
    refused = attempt(docker.pull(reference), registry.client(bed.engine, tmp_path))
    assert refused.returncode != 0
    told = pulling.explain(reference, refused.stderr)
    assert told.message == f"{registry.address} does not let this server fetch {reference}."
    assert f"docker login {registry.address}" in told.hint


def test_an_image_that_does_not_exist_is_told(
    registry: Registry, operator: Mapping[str, str]
) -> None:
    reference = registry.reference("menuvo-platform", "unknown")
    refused = attempt(docker.pull(reference), operator)
    told = pulling.explain(reference, refused.stderr)
    assert told.message == f"{registry.address} has no image {reference}."


def test_a_registry_that_is_down_is_told(operator: Mapping[str, str]) -> None:
    reference = f"127.0.0.1:{free_port()}/mwesox/menuvo-platform:1"
    refused = attempt(docker.pull(reference), operator)
    told = pulling.explain(reference, refused.stderr)
    assert "cannot be reached from this server" in told.message


def test_the_workflow_builds_only_what_the_registry_lacks(
    registry: Registry, operator: Mapping[str, str], tmp_path: Path
) -> None:
    tags = inputs.tags(CHECKOUT)
    push_tiny(registry, operator, "menuvo-caddy", tags["caddy"])
    environment = {
        **operator,
        "REGISTRY": f"{registry.address}/{registry.user}",
        "GITHUB_REPOSITORY_OWNER": "mwesox",
    }
    output = tmp_path / "output"
    run([str(SCRIPTS / "images.sh"), str(output)], environment)
    told = dict(line.split("=", 1) for line in output.read_text().splitlines())
    assert (told["build_caddy"], told["build_backup"]) == ("false", "true")


def test_an_image_gets_the_name_of_its_release_without_being_fetched(
    registry: Registry, operator: Mapping[str, str]
) -> None:
    push_tiny(registry, operator, "menuvo-backup", "0123456789ab")
    repository = f"{registry.address}/{registry.user}/menuvo-backup"
    script = str(SCRIPTS / "name-by-release.sh")
    run([script, repository, "0123456789ab", "4f2a91c0"], operator)
    digests = {digest(f"{repository}:{tag}", operator) for tag in ("0123456789ab", "4f2a91c0")}
    assert len(digests) == 1


def digest(reference: str, environment: Mapping[str, str]) -> str:
    shown = run(["docker", "buildx", "imagetools", "inspect", reference], environment)
    [found] = re.findall(r"^Digest: +(sha256:[0-9a-f]{64})$", shown, re.MULTILINE)
    return found
