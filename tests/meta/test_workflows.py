"""The workflows: what they may do, what they are made of, and that nothing of the environment is
forgotten on its way to the server."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import MissingProgram
from menuvo_ops.shipping import github, handover
from tests.system.bed.binaries import ACTIONLINT, provide
from tests.system.bed.cache import locked

CHECKOUT = Path(__file__).parents[2]
FILES = sorted((CHECKOUT / ".github/workflows").glob("*.yml"))
SCRIPTS = sorted((CHECKOUT / ".github/scripts").iterdir())
MAIN_ONLY = "github.event_name == 'push' && github.ref == 'refs/heads/main'"


def workflow(name: str) -> dict[str, Any]:
    return yaml.safe_load((CHECKOUT / f".github/workflows/{name}.yml").read_text())


BUILD = workflow("build")
JOBS = {
    f"{file.stem}/{name}": job
    for file in FILES
    for name, job in workflow(file.stem)["jobs"].items()
}
STEPS = [(name, step) for name, job in JOBS.items() for step in job["steps"]]


@pytest.mark.slow
def test_the_linter_of_workflows_finds_nothing() -> None:
    try:
        with locked("binaries"):
            program = provide(ACTIONLINT, print) / ACTIONLINT.name
    except MissingProgram as missing:
        pytest.skip(f"actionlint is built with Go: {missing.message}")
    shellcheck = Path(sys.executable).with_name("shellcheck")
    argv = [program, "-no-color", f"-shellcheck={shellcheck}", "-pyflakes=", *FILES]
    done = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_action_is_pinned_by_its_commit_and_says_its_version(file: Path) -> None:
    used = re.findall(r"uses: *(.+)$", file.read_text(), re.MULTILINE)
    assert used
    pinned = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [one for one in used if not pinned.fullmatch(one)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workflow_may_do_nothing_until_a_job_says_so(file: Path) -> None:
    assert workflow(file.stem)["permissions"] == {}


def test_every_job_says_what_it_may_do_and_how_long() -> None:
    may = {name: job["permissions"] for name, job in JOBS.items()}
    writes = {
        (name, what) for name, one in may.items() for what, how in one.items() if how != "read"
    }
    assert writes == {("build/publish", "packages")}
    assert all(job["timeout-minutes"] <= 60 for job in JOBS.values())


def test_no_job_leaves_its_token_in_the_checkout() -> None:
    checkouts = [step for _, step in STEPS if "actions/checkout@" in step.get("uses", "")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_only_main_is_published_and_deployed() -> None:
    jobs = BUILD["jobs"]
    assert jobs["publish"]["if"] == MAIN_ONLY
    assert jobs["deploy"]["if"].startswith(f"{MAIN_ONLY} && ")
    assert (jobs["publish"]["needs"], jobs["deploy"]["needs"]) == ("test", "publish")
    assert jobs["build"]["if"] == "github.event_name == 'pull_request'"
    for step in jobs["build"]["steps"]:
        assert "push" not in step.get("with", {})


def test_no_secret_is_within_reach_of_a_pull_request() -> None:
    seen = {name for name, job in JOBS.items() if "secrets." in yaml.safe_dump(job)}
    assert seen == {"build/deploy"}
    assert "pull_request_target" not in "".join(file.read_text() for file in FILES)


def test_a_deploy_that_runs_is_never_cut_off_by_the_next() -> None:
    deploy = BUILD["jobs"]["deploy"]
    assert deploy["concurrency"] == {"group": "production", "cancel-in-progress": False}
    assert deploy["environment"]["name"] == "production"
    pulled = "${{ github.event_name == 'pull_request' }}"
    assert BUILD["concurrency"]["cancel-in-progress"] == pulled


def test_every_name_of_the_environment_is_handed_over() -> None:
    [step] = [one for one in BUILD["jobs"]["deploy"]["steps"] if "handover" in one.get("run", "")]
    spellings = {one for names in handover.names().values() for one in names}
    assert step["env"].keys() == spellings
    for name, value in step["env"].items():
        assert value.startswith(f"${{{{ secrets.{name}"), name
        assert value in {
            f"${{{{ secrets.{name} }}}}",
            f"${{{{ secrets.{name} || vars.{name} }}}}",
        }


def test_only_what_is_no_secret_may_be_a_variable_of_the_repository() -> None:
    [step] = [one for one in BUILD["jobs"]["deploy"]["steps"] if "handover" in one.get("run", "")]
    for name, spellings in handover.names().items():
        for one in spellings:
            assert ("vars." in step["env"][one]) != VARIABLES[name].secret, one


def test_what_the_tool_sets_at_github_is_what_the_workflows_read() -> None:
    text = "".join(file.read_text() for file in FILES)
    read = {
        kind: set(re.findall(rf"\b{prefix}\.([A-Z0-9_]+)", text))
        for kind, prefix in (("secret", "secrets"), ("variable", "vars"))
    }
    older = {alias for variable in VARIABLES.values() for alias in variable.aliases}
    listed = github.entries({}, github.Access())
    secrets = {one.name for one in listed if one.kind == "secret"}
    variables = {one.name for one in listed if one.kind == "variable"}
    assert read["variable"] - older == variables
    # What is no secret may be one at GitHub all the same.
    assert read["secret"] - older - variables == secrets
    environment = BUILD["jobs"]["deploy"]["environment"]["name"]
    assert environment == github.ENVIRONMENT


def test_the_token_of_sentry_reaches_sentry_alone() -> None:
    users = [step for _, step in STEPS if "SENTRY_AUTH_TOKEN" in step.get("env", {})]
    [step] = users
    assert "register-sentry-release.sh" in step["run"]
    assert step["continue-on-error"] is True


def test_the_deploy_knows_its_host_and_asks_nobody() -> None:
    [step] = [one for one in BUILD["jobs"]["deploy"]["steps"] if "menuvo deploy" in str(one)]
    for option in ("--host", "--identity", "--known-hosts", "--env-from", "--yes"):
        assert option in step["run"]
    assert '--version "$GITHUB_SHA"' in step["run"]
    assert "github.actor" in step["env"]["MENUVO_ACTOR"]
    text = "".join(file.read_text() for file in (*FILES, *SCRIPTS))
    assert "StrictHostKeyChecking" not in text
    assert "ssh-keyscan -" not in text


def test_the_keys_are_removed_whatever_happens() -> None:
    steps = BUILD["jobs"]["deploy"]["steps"]
    [clean_up] = [step for step in steps if step.get("run", "").startswith("rm -rf")]
    assert clean_up["if"] == "always()"


def test_the_tests_see_the_releases_before_this_one() -> None:
    assert BUILD["jobs"]["test"]["steps"][0]["with"]["fetch-depth"] == 0


def test_every_image_is_built_for_a_pull_request_and_published_on_main() -> None:
    images = {file.suffix[1:] for file in (CHECKOUT / "infra").glob("Dockerfile.*")}
    assert set(BUILD["jobs"]["build"]["strategy"]["matrix"]["image"]) == images
    published = [
        step["with"]
        for step in BUILD["jobs"]["publish"]["steps"]
        if "docker/build-push-action@" in step.get("uses", "")
    ]
    assert {Path(one["file"]).suffix[1:] for one in published} == images
    assert all(one["push"] is True and "type=gha" in one["cache-from"] for one in published)


def test_logic_of_several_lines_lies_in_scripts() -> None:
    """Where it is linted and run by tests."""
    runs = [step["run"] for _, step in STEPS if "run" in step]
    assert [run for run in runs if "\n" in run.strip()] == []


def test_every_script_is_executable_and_used() -> None:
    used = "".join(file.read_text() for file in FILES)
    for script in SCRIPTS:
        assert script.stat().st_mode & 0o111, script.name
        assert f".github/scripts/{script.name}" in used
