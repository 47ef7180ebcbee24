"""A program `docker` that has a deployment's containers, databases and backups in one file.

It answers what the tool asks of Docker, and fails, lingers or kills where a test tells it to.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.menuvo_ops.rollout.releases import SCHEMA, admit, provided, release

from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.records import Schema

SERVICES = (
    *("platform-a", "platform-b", "worker-images", "worker-imports"),
    *("postgres", "redis", "postgres-backup"),
)
_PROGRAM = r"""
import fcntl, json, os, signal, sys
from pathlib import Path

file = Path(os.environ["ENGINE_STATE"])
# Several of us run at once; the end of the process gives it back.
alone = file.with_suffix(".lock").open("a")
fcntl.flock(alone, fcntl.LOCK_EX)
state = json.loads(file.read_text())
argv = sys.argv[1:]


def save():
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(state))
    fresh.replace(file)


def say(event, level="info", **facts):
    print(json.dumps({"level": level, "event": event, **facts}), flush=True)


def did(what):
    state["did"].append(what)
    save()
    if state["kills_after"] == what:
        state["kills_after"] = ""
        save()
        os.kill(state["tool"] or os.getppid(), signal.SIGKILL)
    if what in state["fails"]:
        sys.stderr.write(f"{what} is told to fail\n")
        sys.exit(1)


def backup(*words):
    verb, *which = words
    if state["exit_codes"].get(verb):
        say(f"{verb}_failed", "error", cause="It is told to fail.", hint="Do better.")
        sys.exit(state["exit_codes"][verb])
    if verb == "list":
        print(json.dumps(state["backups"]))
    elif verb == "healthy":
        print("\n".join(state["complaints"]) or "Backups are made.")
        sys.exit(1 if state["complaints"] else 0)
    elif verb == "now":
        did("now")
        say("backup_started", id="20261128T080000Z")
        say("backup_done", id="20261128T080000Z", bytes=2_000_000)
    elif verb == "verify":
        did("verify " + " ".join(which))
        say("backup_verified", rows=12, fetch_seconds=1.0, restore_seconds=2.0)
    elif verb == "restore":
        used = [name for name in state["services"][:4] if state["containers"][name] == "running"]
        if used:
            say("restore_failed", "error", cause=f"{used} are connected.", hint="Stop them.")
            sys.exit(1)
        kept = f"menuvo_before_2026112{len(state['databases'])}T090000Z"
        state["databases"] = [kept, *state["databases"]]
        state["live"], state["kept"] = which[0], [state["live"], *state["kept"]]
        say("restore_switched", kept=kept)
        did("restore " + which[0])
    elif verb == "undo-restore":
        state["databases"].remove(sorted(state["databases"])[-1])
        state["live"] = state["kept"].pop(0)
        say("restore_undone", was="before", kept="undone")
        did("undo-restore")
    elif verb == "forget-restore":
        for name in state["databases"]:
            say("restore_forgotten", database=name)
        state["databases"] = []
        did("forget-restore")


def inspected(name):
    status = state["containers"][name]
    return {
        "Id": name, "Image": "sha256:4f2a91c0", "RestartCount": 0,
        "Created": "2026-11-28T06:00:00.1Z",
        "State": {"Status": status, "ExitCode": 0, "Health": {"Status": "healthy"}},
        "Config": {"Labels": {"com.docker.compose.service": name}},
        "HostConfig": {"Memory": 0},
        "NetworkSettings": {"Ports": {}},
    }


def compose(words):
    words = [word for word in words if not word.startswith("--")]
    verb, *rest = words
    if verb == "config":
        for name in [*state["services"], "backup-verify", "backup-restore", "migrate"]:
            if name not in state["lacks"]:
                print(name, "1")
    elif verb == "run":
        service, program, *rest = rest
        if program == "menuvo-backup":
            state["in"].append(service)
            backup(*rest)
        elif rest == ["missing"]:
            if "missing" in state["fails"]:
                sys.exit("there is no such command")
            print(json.dumps(state["missing"]))
        else:
            did("migrate")
            print("at schema 0003")
    elif verb == "up":
        for name in rest:
            state["containers"][name] = "running"
        did("start " + " ".join(rest))


def execute(container, *words):
    if state["containers"].get(container) != "running":
        sys.exit("is not running")
    if words[0] == "menuvo-backup":
        backup(*words[1:])
    elif words[0] == "psql":
        statement = words[-1]
        if "pg_database" in statement:
            print("\n".join(state["databases"]))
        elif "orders" in statement:
            print(state["orders"])
        else:
            print("0003")
    elif words[0] == "sh":
        did("flush")
        print("OK")


if argv[0] == "compose":
    compose(argv[1:])
elif argv[0] == "ps":
    left = "oneoff=True" in " ".join(argv)
    print("\n".join(state["left"] if left else state["containers"]))
elif argv[:2] == ["container", "inspect"]:
    print(json.dumps([inspected(name) for name in argv[2:]]))
elif argv[0] == "exec":
    execute(*argv[1:])
elif argv[0] == "stop":
    if argv[1] in state["left"]:
        state["left"].remove(argv[1])
    else:
        state["containers"][argv[1]] = "exited"
    did(f"stop {argv[1]}")
elif argv[0] == "info":
    print(state["root"])
else:
    print("28")
"""


@dataclass(frozen=True)
class Engine:
    """What it has and did; `state` of before can be set."""

    file: Path
    archive: Archive

    @property
    def folder(self) -> Path:
        return self.archive.deployment

    @property
    def state(self) -> dict[str, Any]:
        return json.loads(self.file.read_text())

    def set(self, **changes: object) -> None:
        self.file.write_text(json.dumps({**self.state, **changes}))

    @property
    def did(self) -> list[str]:
        return self.state["did"]

    def serves(self) -> bool:
        return all(self.state["containers"][name] == "running" for name in SERVICES)


def provide(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A deployment of release 1 at schema 0003, with two backups."""
    deployment = folder / "deployment"
    deployment.mkdir()
    archive = provided(deployment)
    admit(archive, release(schema=SCHEMA))
    programs = folder / "programs"
    programs.mkdir()
    (programs / "docker").write_text(f"#!{sys.executable} -IS\n{_PROGRAM}")
    (programs / "docker").chmod(0o755)
    file = folder / "engine.json"
    state = {
        "services": SERVICES,
        "containers": dict.fromkeys(SERVICES, "running"),
        "databases": [],
        "live": "today",
        "kept": [],
        "backups": [record("20261128T030000Z"), record("20261127T030000Z", head="0002")],
        "orders": "7",
        "missing": {"pictures": {"named": 3, "missing": 1}, "files": {"named": 2, "missing": 0}},
        "complaints": [],
        "did": [],
        "in": [],
        "left": [],
        "lacks": [],
        "fails": [],
        "exit_codes": {},
        "kills_after": "",
        "tool": 0,
        "root": str(folder),
    }
    file.write_text(json.dumps(state))
    monkeypatch.setenv("ENGINE_STATE", str(file))
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return Engine(file, archive)


def admit_another(engine: Engine, number: int, head: str, **contracts: str) -> None:
    schema = Schema(oldest="0001", head=head, contracts=contracts)
    admit(engine.archive, release(number, f"other{number}", schema=schema), serves=False)


def record(name: str, *, head: str = "0003", **changes: object) -> dict[str, object]:
    return {
        "id": name,
        "outcome": "good",
        "dump": {"bytes": 2_000_000},
        "contents": {
            "rows": {"public.orders": 10, "public.stores": 2},
            "schema_head": head,
            "database": {"bytes": 9_000_000},
        },
        "uploaded": True,
        "verified": {"at": "2026-11-28T03:05:00Z", "fetch_seconds": 1.5, "restore_seconds": 8.0},
        **changes,
    }
