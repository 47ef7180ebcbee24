"""Logs as a process configures them: in one of their own, because they are for all of it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from menuvo_platform.settings import Settings
from tests.instances import environment_of
from tests.sentry import running_sentry

PROGRAM = """
import logging, os, structlog, sys
from menuvo_platform.settings import read_settings
from menuvo_platform.web.logs import configure_logs
configure_logs(read_settings(os.environ))
log = structlog.stdlib.get_logger("of_a_test")
with structlog.contextvars.bound_contextvars(job_id="j-1", kind="work"):
    try:
        {}["Anna Muster"]
    except KeyError:
        log.exception("job_dead", note="a note of a guest")
logging.getLogger("uvicorn.error").error("of another library")
logging.shutdown()
sys.exit(3 if "sentry_sdk" in sys.modules else 0)
"""


def run(settings: Settings, environment: Mapping[str, str]) -> tuple[int, list[dict[str, object]]]:
    env = {**os.environ, **environment_of(settings), **environment}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_every_line_names_its_release_and_what_it_belongs_to(settings: Settings) -> None:
    code, [ours, foreign] = run(settings, {})
    assert (ours["event"], ours["level"], ours["release"]) == ("job_dead", "error", "test-release")
    assert (ours["job_id"], ours["kind"], ours["instance"]) == ("j-1", "work", "platform")
    assert (foreign["event"], foreign["release"]) == ("of another library", "test-release")
    assert code == 0, "what collects errors is loaded, though nobody wants it"


@pytest.mark.parametrize("way", ["value", "file"])
def test_errors_are_collected_where_a_dsn_is_set(
    settings: Settings, tmp_path: Path, way: str
) -> None:
    with running_sentry() as sentry:
        (tmp_path / "dsn").write_text(f"{sentry.dsn}\n")
        given = {
            "value": {"SENTRY_DSN": sentry.dsn},
            "file": {"SENTRY_DSN_FILE": str(tmp_path / "dsn")},
        }
        code, lines = run(settings, given[way])
    assert (code, len(lines), sentry.refusals) == (3, 2, [])
    ours, foreign = sentry.events
    assert (ours["message"], foreign["message"]) == ("job_dead", "of another library")
    assert (ours["release"], ours["environment"]) == ("test-release", "local")
    assert ours["tags"] == {"job_id": "j-1", "kind": "work", "instance": "platform"}
    assert "Muster" not in sentry.received
    assert "a note" not in sentry.received.replace('note="a note of a guest"', "")
