"""A program `docker` that has a deployment's containers, databases and backups in one file.

It answers what the tool asks of Docker, and fails, lingers or kills where a test tells it to.
"""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.menuvo_ops.rollout.releases import SCHEMA, admit, provided, release

from menuvo_ops.rollout.archive import Archive
from menuvo_ops.rollout.records import Schema

CHECKOUT = Path(__file__).parents[3]
MADE_OF = "postgres (PostgreSQL) 18.1\n/lib/ld-musl-x86_64.so.1"
WINDOW: dict[str, Any] = {
    "archives": True,
    "state": "Any moment in it can be recovered.",
    "begin": "2026-11-22T03:31:10Z",
    "end": "2026-11-28T09:00:00Z",
    "base": {"id": "20261122T033000Z", "ended": "", "bytes": 1000, "cluster_bytes": 40_000_000},
    "earlier": [],
}
SYSTEM = "7443021887213001234"
_SYSTEM = f"Database system identifier:           {SYSTEM}"
SERVICES = (
    *("platform-a", "platform-b", "worker-images", "worker-imports"),
    *("postgres", "redis", "postgres-backup"),
)
_PROGRAM = r"""
import fcntl, json, os, signal, subprocess, sys
from itertools import dropwhile
from pathlib import Path

file = Path(os.environ["ENGINE_STATE"])
# Several of us run at once; the end of the process gives it back.
alone = file.with_suffix(".lock").open("a")
fcntl.flock(alone, fcntl.LOCK_EX)
state = json.loads(file.read_text())
argv = sys.argv[1:]
volume = file.parent / "volume"
data = volume / "18/docker"


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
    elif verb == "window":
        print(json.dumps(state["window"]))
    elif verb == "recover":
        recover(*which)
    elif verb == "drilled":
        state["drilled"] = which
        save()
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
        state["undone"].append("menuvo_undone_20261128T090000Z")
        state["live"] = state["kept"].pop(0)
        say("restore_undone", was="before", kept="undone")
        did("undo-restore")
    elif verb == "forget-restore":
        kept = state["databases"] + state["undone"]
        if not kept:
            sys.exit("No restore kept a database.")
        for name in kept:
            say("restore_forgotten", database=name)
        state["databases"], state["undone"] = [], []
        did("forget-restore")
    elif verb == "objects":
        for one in state["missing"].values():
            one["missing"] = 0
        say("objects_restored", count=1, bytes=1000)
        did("objects " + " ".join(which))


def recover(*words):
    # Of the volume it sees one folder, as its container does.
    words = list(words)
    say("recover_started", base="20261122T033000Z", segments=2)
    say("recover_fetched", seconds=1.0)
    if "--trial" in words:
        did("recover for trial " + words[words.index("--at") + 1])
        say("recover_done", seconds=3.0, lag_seconds=state["lag"], amcheck="passed")
        return
    into = words[words.index("--into") + 1]
    cluster = volume / "recovered" / Path(into).name
    if not cluster.parent.is_dir():
        sys.exit("there is no such folder in the volume")
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("18")
    at = words[words.index("--at") + 1] if "--at" in words else "latest"
    (cluster / "which").write_text(at)
    did("recover " + at)
    say("recover_done", seconds=3.0, last_commit="2026-11-28T08:59:52Z",
        databases=[{"name": "menuvo", "bytes": 1, "schema_head": state["recovered_head"]}])


def move(verb, *places):
    # By the very script of production, on a folder of ours.
    if verb == "exchange" and state["containers"].get("postgres") == "running":
        sys.exit("PostgreSQL runs")
    done = subprocess.run(
        ["sh", state["script"], verb, *places],
        env={**os.environ, "PGDATA": str(data)}, capture_output=True, text=True,
    )
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    if done.returncode:
        sys.exit(done.returncode)
    if verb in {"own", "adopt", "exchange", "drop"}:
        did(" ".join([verb, *(place.partition("/")[0] for place in places)]))


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


def without_options(words):
    return list(dropwhile(lambda word: word.startswith("--"), words))


def compose(words):
    verb, *rest = without_options(words)
    rest = without_options(rest)
    if verb == "config" and words[-1] == "--format=json":
        names = [*state["services"], *state["tasks"]]
        print(json.dumps({"services": {name: {"image": name} for name in names}}))
    elif verb == "config":
        for name in [*state["services"], *state["tasks"]]:
            if name not in state["lacks"]:
                print(name, "1")
    elif verb == "run":
        service, program, *rest = rest
        if program.endswith("/clusters.sh"):
            move(*rest)
        elif program == "menuvo-backup":
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
        if "postgres" in rest and not (data / "PG_VERSION").exists():
            state["containers"]["postgres"] = "exited"
            save()
            return
        for name in rest:
            state["containers"][name] = "running"
        did("start " + " ".join(rest))
    elif verb == "down":
        state["containers"] = {}
        did("down")


def execute(container, *words):
    if state["containers"].get(container) != "running":
        sys.exit("is not running")
    if words[0] == "menuvo-backup":
        backup(*words[1:])
    elif words[0] == "psql" and "--command" not in words:
        did("password")
    elif words[0] == "psql":
        statement = words[-1]
        if "pg_database" in statement:
            undone = state["undone"] if "undone" in statement else []
            print("\n".join(state["databases"] + undone))
        elif "orders" in statement:
            print(state["orders"])
        else:
            print(state["head"])
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
    execute(*(word for word in argv[1:] if word != "--interactive"))
elif argv[0] == "stop":
    if argv[1] in state["left"]:
        state["left"].remove(argv[1])
    else:
        state["containers"][argv[1]] = "exited"
    did(f"stop {argv[1]}")
elif argv[0] == "stats":
    if state["vanished"] in argv:
        sys.exit("No such container")
    for name in argv[argv.index("json") + 1:] or [*state["containers"], "of-somebody-else"]:
        print(json.dumps({"ID": name[:12], "MemUsage": "12.5MiB / 256MiB"}))
    if state["vanished"]:
        print(json.dumps({"ID": "--", "MemUsage": "-- / --"}))
elif argv[0] == "info":
    print(state["root"])
elif argv[0] in {"image", "pull"}:
    sys.exit("no such image")
elif argv[0] == "run":
    # The last of the options is the image, which is named as its service is.
    print(state["made_of"][argv[argv.index("sh") - 1]])
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

    @property
    def volume(self) -> Path:
        return self.file.parent / "volume"

    @property
    def system(self) -> str:
        """Of the database that this server expects; empty where it expects none."""
        file = self.file.parent / "state/cluster"
        return file.read_text().strip() if file.exists() else ""

    @property
    def cluster(self) -> str:
        """Which one PostgreSQL serves from."""
        return (self.volume / "18/docker/which").read_text()

    def lose_database(self, *, with_its_files: bool = True) -> None:
        containers = self.state["containers"]
        del containers["postgres"]
        self.set(containers=containers)
        if with_its_files:
            shutil.rmtree(self.volume / "18")

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
    # Who runs the tests need not be root, and has no user postgres.
    (programs / "chown").write_text("#!/bin/sh\n")
    (programs / "chown").chmod(0o755)
    (programs / "pg_controldata").write_text(f"#!/bin/sh\necho '{_SYSTEM}'\n")
    (programs / "pg_controldata").chmod(0o755)
    script = (CHECKOUT / "infra/postgres/clusters.sh").read_text()
    for there, here in (("/var/lib/postgresql", "volume"), ("/var/lib/menuvo", "state")):
        script = script.replace(there, f"{folder}/{here}")
    (folder / "clusters.sh").write_text(script)
    (folder / "state").mkdir()
    (folder / "volume/18/docker").mkdir(parents=True)
    (folder / "volume/18/docker/PG_VERSION").write_text("18")
    (folder / "volume/18/docker/which").write_text("today")
    file = folder / "engine.json"
    state = {
        "services": SERVICES,
        "containers": dict.fromkeys(SERVICES, "running"),
        "databases": [],
        "undone": [],
        "live": "today",
        "kept": [],
        "backups": [record("20261128T030000Z"), record("20261127T030000Z", head="0002")],
        "orders": "7",
        "head": "0003",
        "tasks": ["backup-verify", "backup-restore", "backup-recover", "migrate"],
        "script": str(folder / "clusters.sh"),
        "window": WINDOW,
        "recovered_head": "0003",
        "lag": 8.0,
        "made_of": dict.fromkeys(("postgres", "backup-recover"), MADE_OF),
        "missing": {"pictures": {"named": 3, "missing": 1}, "files": {"named": 2, "missing": 0}},
        "complaints": [],
        "drilled": [],
        "did": [],
        "in": [],
        "left": [],
        "lacks": [],
        "fails": [],
        "exit_codes": {},
        "kills_after": "",
        "tool": 0,
        "root": str(folder),
        "vanished": "",
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
