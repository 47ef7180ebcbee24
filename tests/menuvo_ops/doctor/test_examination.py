"""Each fault is one finding, with what mends it; and what is well is said to be."""

import json
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import BadStatusLine
from pathlib import Path

import pytest
from tests.menuvo_ops.doctor.patient import INFO, Patient, service

from menuvo_ops.backups.records import Backup, Verified
from menuvo_ops.doctor import machine
from menuvo_ops.doctor.examination import CHECKS, examine
from menuvo_ops.doctor.finding import Finding, Found
from menuvo_ops.doctor.showing import as_line
from menuvo_ops.doctor.verb import doctor
from menuvo_ops.errors import NotReady
from menuvo_ops.machines.items import SHELL

# What is of the machine that tests run on, and of no patient.
OF_THE_MACHINE = {"disk", "memory", "memory-pressure", "memory-overcommit", "clock"}


def backup(*, hours: float, verified: bool = True, **differing: object) -> Backup:
    began = datetime.now(UTC) - timedelta(hours=hours)
    one = Backup(
        began.strftime("%Y%m%dT%H%M%SZ"),
        "good",
        size=1_000_000,
        uploaded=True,
        verified=Verified(began.isoformat(), 1.0, 2.0) if verified else None,
    )
    return replace(one, **differing)


def well() -> Patient:
    return Patient(made=[backup(hours=3)])


def findings(patient: Patient) -> dict[str, Finding]:
    return {one.name: one for one in examine(patient, CHECKS)}


def test_who_is_well_is_told_so_by_at_least_twenty_looks() -> None:
    found = {name: one for name, one in findings(well()).items() if name not in OF_THE_MACHINE}
    assert len(found) >= 20
    assert {one.status for one in found.values()} == {"ok"}
    assert not any(one.fix for one in found.values())


ILL = {
    "services": (
        {"there": [service("worker-images", word="unhealthy", is_well=False)]},
        "worker-images is unhealthy. Last words of worker-images:\nthe end of worker-images",
        "logs worker-images; then restart worker-images",
    ),
    "services-memory-kills": (
        {"there": [service("platform-b", was_killed_for_memory=True, limit=2**30)]},
        "platform-b (limit 1024 MiB)",
        "logs platform-b",
    ),
    "edge-orders": (
        {"health": '{"status": "degraded", "db": "ok", "redis": "down"}'},
        "status degraded, redis down",
        "logs platform-a",
    ),
    "database-connections": (
        {"rows": {"max_connections": "90|100|3"}},
        "90 of 97 connections",
        "GROUP BY",
    ),
    "database-locks": (
        {"rows": {"pg_blocking_pids": "4|812"}},
        "4 wait for a lock for more than a minute, held by process 812",
        'psql "SELECT pg_terminate_backend(812)"',
    ),
    "database-checksums": (
        {"rows": {"checksum_failures": "2"}},
        "the disk is failing",
        "menuvo backup now",
    ),
    "database-schema": (
        {"rows": {"alembic_version": "0006"}},
        "at schema 0006, and what serves was made for 0007",
        "a deploy migrates",
    ),
    "queue-waiting": (
        {"rows": {"state = 'queued'": "imports|12|640"}},
        "12 jobs wait in the queue imports, the oldest for 640 s. Nobody takes them.",
        "restart worker-imports",
    ),
    "queue-abandoned": ({"rows": {"lease_until": "3"}}, "3 jobs", "restart worker-images"),
    "redis-memory": (
        {"info": {**INFO, "memory": INFO["memory"].replace("1048576", "120000000")}},
        "114 of 128 MiB",
        "restart redis",
    ),
    "redis-policy": (
        {"info": {**INFO, "memory": INFO["memory"].replace("noeviction", "allkeys-lru")}},
        "allkeys-lru",
        "noeviction",
    ),
    "backup-last": (
        {"made": [backup(hours=1, outcome="failed", complaint="The bucket denied it.")]},
        "The bucket denied it.",
        "docs/runbooks/backup-failed.md",
    ),
    "backup-age": ({"made": [backup(hours=27)]}, "1 day ago", "menuvo backup now"),
    "backup-proof": (
        {"made": [backup(hours=1, verified=False)]},
        "There is no backup that was restored for trial.",
        "menuvo backup verify",
    ),
}
DOUBTFUL = {
    "services-restarts": (
        {"there": [service("caddy", restarts=3)]},
        "caddy 3 times. Last words of caddy:\nthe end of caddy",
        "logs caddy",
    ),
    "database-transactions": (
        {"rows": {"xact_start": "77|menuvo|idle in transaction|900|a|b"}},
        "A transaction of a|b as menuvo (idle in transaction) is open for 15 minutes",
        'psql "SELECT pg_terminate_backend(77)"',
    ),
    "database-bloat": (
        {"rows": {"n_dead_tup": "orders|50000|1200"}},
        "The table orders has 50,000 dead rows beside 1,200 living ones.",
        "VACUUM (VERBOSE, ANALYZE) orders",
    ),
    "database-transaction-ids": (
        {"rows": {"datfrozenxid": "900000000"}},
        "900,000,000",
        "VACUUM (FREEZE)",
    ),
    "database-indexes": (
        {"rows": {"indisvalid": "orders_by_day, lines_by_dish"}},
        "orders_by_day, lines_by_dish",
        "REINDEX INDEX CONCURRENTLY orders_by_day",
    ),
    "queue-dead": (
        {"rows": {"state = 'dead'": "images.resize|2|no | such file"}},
        "2 jobs of the kind images.resize were given up in the last day."
        " The last one: no | such file",
        "Console",
    ),
    "redis-evictions": (
        {"info": {**INFO, "stats": "evicted_keys:0\r\nrejected_connections:9\r\n"}},
        "refused 9 connections",
        "logs redis",
    ),
    "backup-elsewhere": (
        {"made": [backup(hours=1, uploaded=False)]},
        "lies on this disk alone",
        "menuvo backup show",
    ),
}


def test_what_harms_no_guest_is_no_failure_until_something_else_is_one() -> None:
    gatus = service("gatus", word="restarting", is_well=False, essential=False)
    caddy = service("caddy", word="unhealthy", is_well=False)
    found = findings(replace(well(), there=[gatus, service("platform-a")]))["services"]
    assert (found.status, found.fix) == ("warn", "logs gatus; then restart gatus")
    found = findings(replace(well(), there=[gatus, caddy]))["services"]
    assert (found.status, found.fix) == ("fail", "logs caddy; then restart caddy")


@pytest.mark.parametrize("name", [*ILL, *DOUBTFUL])
def test_a_fault_is_one_finding_and_says_what_mends_it(name: str) -> None:
    differing, told, fix = {**ILL, **DOUBTFUL}[name]
    found = findings(replace(well(), **differing))
    one = found.pop(name)
    assert (one.status, told in one.found, fix in one.fix) == (
        "fail" if name in ILL else "warn",
        True,
        True,
    ), one
    others = {other.name for other in found.values() if other.status == "fail"}
    assert others - OF_THE_MACHINE - {"backup-age", "backup-proof"} == set()


def test_a_lock_that_nobody_holds_any_more_names_nobody_to_end() -> None:
    found = findings(replace(well(), rows={"pg_blocking_pids": "1|"}))
    assert found["database-locks"].status == "ok"


def test_what_does_not_answer_is_said_once() -> None:
    patient = replace(well(), lost={"database"})
    found = findings(patient)
    assert found["database"].status == "fail"
    assert (found["database"].found, found["database"].fix) == (
        "The database is away.",
        "Bring the database back.",
    )
    about_it = [one for name, one in found.items() if name.startswith(("database-", "queue-"))]
    assert {one.status for one in about_it} == {"skipped"}


def test_what_keeps_every_look_from_looking_is_said_once() -> None:
    def look(_patient: Patient) -> Found:
        raise NotReady("No Docker engine answers.", hint="Is Docker running?")

    first, second = examine(well(), {"first": look, "second": look})
    assert (first.status, first.fix) == ("fail", "Is Docker running?")
    assert (second.status, second.found) == ("skipped", "No Docker engine answers.")


@pytest.mark.parametrize(
    "failure",
    [
        subprocess.TimeoutExpired("apt list", 60),
        BadStatusLine("not HTTP"),
        OSError("no route"),
        KeyError("used_memory"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_look_that_ends_unforeseen_is_a_finding_and_the_next_one_is_taken(
    failure: Exception,
) -> None:
    def look(_patient: Patient) -> Found:
        raise failure

    first, second = examine(well(), {"first": look, "second": lambda _patient: Found("ok", "")})
    assert (first.status, second.status) == ("fail", "ok")
    assert str(failure) in first.found


def test_the_kernel_is_told_what_setup_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the check of the server would find it wrong still."""
    (tmp_path / "overcommit").write_text("0")
    monkeypatch.setattr(machine, "_OVERCOMMIT", tmp_path / "overcommit")
    fix = findings(well())["memory-overcommit"].fix
    script = (SHELL / "items/memory.sh").read_text()
    [file] = re.findall(r"^MEMORY_FILE=(.+)$", script, re.MULTILINE)
    [setting] = re.findall(r"echo '(.+)'; }", script)
    assert fix.startswith(f"echo '{setting}' | sudo tee {file} ")


def test_a_stack_of_ones_own_may_have_no_backup() -> None:
    found = findings(Patient(is_production=False))
    assert {found[name].status for name in ("backup-age", "backup-proof")} == {"warn"}


def test_programs_get_the_facts_and_the_exit_code_says_whether_something_is_wrong() -> None:
    said: list[str] = []
    checks = {name: check for name, check in CHECKS.items() if name not in OF_THE_MACHINE}
    assert doctor(well(), checks, said.append, as_json=True) == 0
    facts = json.loads(said.pop())
    assert set(facts[0]) == {"name", "status", "found", "fix"}
    assert doctor(replace(well(), lost={"edge"}), checks, said.append, as_json=False) == 3
    assert "→ Bring the edge back." in "\n".join(said)
    assert said[-1].endswith("2 are not.")


def test_the_last_words_of_a_service_do_nothing_to_the_terminal() -> None:
    told = as_line(Finding("services", "fail", "It said:\n\x1b]0;owned\x07", "logs"), width=8)
    assert (
        told == "\u2717 services  It said:\n            \\x1b]0;owned\\x07\n            \u2192 logs"
    )
