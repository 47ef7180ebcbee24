"""The scripts of the workflows, each run as a step runs it, against local servers."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.workflows.servers import Answer, Asked, running_site

from menuvo_ops.local.ports import free_port
from menuvo_ops.shipping import inputs

CHECKOUT = Path(__file__).parents[2]
SCRIPTS = CHECKOUT / ".github/scripts"
QUICKLY = {"ATTEMPTS": "3", "PAUSE": "0"}


def run(
    script: str,
    *arguments: str,
    cwd: Path = CHECKOUT,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Without what this machine has set; a runner has its own."""
    found = {"PATH": os.environ["PATH"], **(environment or {})}
    argv = [str(SCRIPTS / script), *arguments]
    return subprocess.run(
        argv, cwd=cwd, env=found, capture_output=True, text=True, check=False, timeout=60
    )


# --- check-outside.sh


def check(url: str, *release: str) -> subprocess.CompletedProcess[str]:
    return run("check-outside.sh", url, *release, environment=QUICKLY)


def test_a_site_that_is_well_passes() -> None:
    with running_site(lambda asked, before: Answer(release="new")) as site:
        done = check(site.url + "/", "new")
    assert (done.returncode, done.stderr) == (0, "")
    assert {asked.path for asked in site.asked} == {"/live", "/health"}


def test_a_site_may_take_a_moment() -> None:
    with running_site(lambda asked, before: Answer(200 if before else 503)) as site:
        done = check(site.url)
    assert done.returncode == 0
    assert "Attempt 1 of 3: " in done.stdout
    assert "/live answers HTTP 503" in done.stdout


@pytest.mark.parametrize("status", [500, 503, 301, 404])
def test_an_answer_that_is_no_yes_is_told(status: int) -> None:
    def answer(asked: Asked, before: int) -> Answer:
        return Answer(status if asked.path == "/health" else 200)

    with running_site(answer) as site:
        done = check(site.url)
    assert done.returncode == 1
    assert f"{site.url}/health answers HTTP {status}." in done.stdout
    assert "::error title=The site is not well, seen from outside::" in done.stdout
    assert "docs/runbooks/platform-down.md" in done.stdout


def test_one_instance_of_the_old_release_is_seen() -> None:
    """Two instances answer in turns."""

    def answer(asked: Asked, before: int) -> Answer:
        return Answer(release="old" if before % 2 else "new")

    with running_site(answer) as site:
        done = check(site.url, "new")
    assert done.returncode == 1
    assert "is answered by the release old, not by new" in done.stdout


def test_an_answer_without_a_release_is_told() -> None:
    with running_site(lambda asked, before: Answer()) as site:
        done = check(site.url, "new")
    assert done.returncode == 1
    assert "the release without a name, not by new" in done.stdout


def test_a_site_that_does_not_answer_is_told_with_the_reason() -> None:
    done = check(f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert "/live does not answer: curl: (7)" in done.stdout


def test_without_a_domain_nothing_is_asked() -> None:
    done = check("https://")
    assert done.returncode == 2
    assert "Is the variable DOMAIN set?" in done.stdout


# --- register-sentry-release.sh

SENTRY = {
    "SENTRY_AUTH_TOKEN": "a-secret-token",
    "SENTRY_ORG": "menuvo",
    "SENTRY_PROJECT": "platform",
}


def test_sentry_is_told_the_release_and_its_deploy() -> None:
    with running_site(lambda asked, before: Answer(201)) as site:
        told = {**SENTRY, "SENTRY_URL": site.url}
        done = run("register-sentry-release.sh", "1234abc", environment=told)
    assert (done.returncode, done.stderr) == (0, "")
    release, deploy = site.asked
    assert release.path == "/api/0/organizations/menuvo/releases/"
    assert json.loads(release.body) == {"version": "1234abc", "projects": ["platform"]}
    assert deploy.path == "/api/0/organizations/menuvo/releases/1234abc/deploys/"
    assert json.loads(deploy.body) == {"environment": "production"}
    assert {asked.authorization for asked in site.asked} == {"Bearer a-secret-token"}
    assert "a-secret-token" not in done.stdout


def test_a_refusal_of_sentry_is_told() -> None:
    with running_site(lambda asked, before: Answer(401, body="bad token")) as site:
        told = {**SENTRY, "SENTRY_URL": site.url}
        done = run("register-sentry-release.sh", "1234abc", environment=told)
    assert done.returncode == 1
    assert "::error title=Sentry was not told::" in done.stdout
    assert "401" in done.stderr


def test_without_a_token_sentry_is_left_out() -> None:
    done = run("register-sentry-release.sh", "1234abc")
    assert (done.returncode, done.stdout) == (0, "Left out: SENTRY_AUTH_TOKEN is not set.\n")


def test_a_token_alone_is_not_enough_for_sentry() -> None:
    done = run("register-sentry-release.sh", "1", environment={"SENTRY_AUTH_TOKEN": "t"})
    assert done.returncode == 1
    assert "SENTRY_ORG" in done.stdout


# --- access.sh


@pytest.fixture
def access(tmp_path: Path) -> dict[str, str]:
    for name, phrase in (("key", ""), ("locked", "phrase")):
        argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", phrase, "-f", str(tmp_path / name)]
        subprocess.run(argv, check=True)
    return {
        "DEPLOY_HOST": "deploy@example.org",
        # As a form of a browser sends it: other line ends, and none at its end.
        "DEPLOY_SSH_KEY": (tmp_path / "key").read_text().strip().replace("\n", "\r\n"),
        "DEPLOY_KNOWN_HOSTS": f"example.org {(tmp_path / 'key.pub').read_text()}",
    }


def test_what_ssh_needs_is_written_for_this_job_alone(
    tmp_path: Path, access: dict[str, str]
) -> None:
    folder = tmp_path / "access"
    done = run("access.sh", str(folder), environment=access)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (folder / "identity").read_text() == (tmp_path / "key").read_text()
    assert (folder / "known_hosts").read_text().startswith("example.org ssh-ed25519 ")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in folder.iterdir()} == {0o600}


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    done = run("access.sh", str(tmp_path / "access"), environment={"DEPLOY_HOST": "x"})
    assert done.returncode == 1
    assert "not set: DEPLOY_SSH_KEY DEPLOY_KNOWN_HOSTS." in done.stdout
    assert not (tmp_path / "access").exists()


@pytest.mark.parametrize("key", ["not a key", "locked"])
def test_a_key_that_nobody_can_use_here_is_told(
    tmp_path: Path, access: dict[str, str], key: str
) -> None:
    content = (tmp_path / key).read_text() if key == "locked" else key
    given = {**access, "DEPLOY_SSH_KEY": content}
    done = run("access.sh", str(tmp_path / "access"), environment=given)
    assert done.returncode == 1
    assert "DEPLOY_SSH_KEY is no private key, or it has a passphrase" in done.stdout
    assert content not in done.stdout + done.stderr


def test_known_hosts_without_a_key_are_told(tmp_path: Path, access: dict[str, str]) -> None:
    given = {**access, "DEPLOY_KNOWN_HOSTS": "example.org"}
    done = run("access.sh", str(tmp_path / "access"), environment=given)
    assert done.returncode == 1
    assert "DEPLOY_KNOWN_HOSTS holds no host key" in done.stdout


# --- images.sh


@pytest.mark.parametrize("present", ["caddy", "backup"])
def test_only_images_that_are_missing_are_to_be_built(tmp_path: Path, present: str) -> None:
    """A registry is asked in tests/system; here a client of Docker that knows one image."""
    client = tmp_path / "bin/docker"
    client.parent.mkdir()
    client.write_text(
        f"#!/bin/sh\ncase $4 in ghcr.io/mwesox/menuvo-{present}:*) ;; *) exit 1; esac\n"
    )
    client.chmod(0o755)
    environment = {
        "PATH": f"{client.parent}:{os.environ['PATH']}",
        "GITHUB_REPOSITORY_OWNER": "Mwesox",
    }
    done = run("images.sh", str(tmp_path / "output"), environment=environment)
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    tags = inputs.tags(CHECKOUT)
    assert told["registry"] == "ghcr.io/mwesox"
    assert (told["caddy"], told["backup"]) == (tags["caddy"], tags["backup"])
    builds = {name: told[f"build_{name}"] for name in tags}
    assert builds == {name: "false" if name == present else "true" for name in tags}
    assert told["created"][:2] == "20"
