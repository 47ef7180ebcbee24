"""What a workflow knows reaches the deploy whole, under today's names, and nobody else."""

import subprocess
import sys
from pathlib import Path

from menuvo_ops.environment.dotenv import parse
from menuvo_ops.shipping.handover import handed_over

CHECKOUT = Path(__file__).parents[3]
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn$NzaC1r\n-----END OPENSSH PRIVATE KEY-----\n"
GIVEN = {
    "DB_PASSWORD": 'it\'s $5 #1 \\ "x"',
    "BESZEL_HUB_KEY": KEY,
    "VITE_SENTRY_DSN": "https://key@o1.ingest.sentry.io/2",
    "S3_REGION": "",
    "VERSION": "1234abc",
    "SENTRY_AUTH_TOKEN": "token",
    "PATH": "/usr/bin",
}
HANDED = {
    "DB_PASSWORD": GIVEN["DB_PASSWORD"],
    "BESZEL_HUB_KEY": KEY,
    "SENTRY_DSN": GIVEN["VITE_SENTRY_DSN"],
}


def test_what_is_set_is_handed_over_under_todays_names() -> None:
    assert handed_over(GIVEN) == HANDED


def test_todays_name_wins_over_an_older_one() -> None:
    given = {"VITE_SENTRY_DSN": "https://old", "SENTRY_DSN": "https://new"}
    assert handed_over(given) == {"SENTRY_DSN": "https://new"}


def test_the_file_is_for_its_owner_and_no_value_is_printed(tmp_path: Path) -> None:
    """As on a runner: without an environment of ours, standard library alone."""
    out = tmp_path / "env"
    source = f"import sys; sys.path.insert(0, {str(CHECKOUT / 'src')!r})\n"
    source += "from menuvo_ops.shipping.handover import main\nmain()\n"
    argv = [sys.executable, "-I", "-S", "-c", source, "--out", str(out)]
    done = subprocess.run(argv, env=GIVEN, capture_output=True, text=True, check=True)
    document = parse(out.read_text())
    assert document.mistakes == ()
    assert {one.name: one.value.reveal() for one in document.assignments} == HANDED
    assert out.stat().st_mode & 0o777 == 0o600
    assert [name for name in HANDED if name not in done.stderr] == []
    assert [value for value in HANDED.values() if value in done.stdout + done.stderr] == []
