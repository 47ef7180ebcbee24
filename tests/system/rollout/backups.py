"""What backups say and hold, and what a restore must have brought back."""

import json
import re
from typing import Any

from tests.system.rollout.deployed import Done
from tests.system.rollout.scenes import Scene, ended_of, explained

Contents = dict[str, str]
# Sums do not mind in which order the rows come, so that nothing has to be sorted.
_DIGESTS = """
SELECT relname, query_to_xml(
    format('SELECT count(*) || ''/'' || coalesce(sum(hashtextextended(one::text, 0)), 0) AS digest'
        ' FROM %I AS one', relname),
    nulls => false, tableforest => true, targetns => '')
FROM pg_class
WHERE relkind = 'r' AND relpersistence = 'p' AND relnamespace = 'public'::regnamespace
    AND relname <> 'jobs'
"""
_NAME_AND_DIGEST = re.compile(r"^(\w+)\|.*?<digest>([^<]+)</digest>", re.MULTILINE | re.DOTALL)
_AT_WORK = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')"
KEPT = "SELECT count(*) FROM pg_database WHERE datname ~ '^menuvo_(before|undone)_'"
HALF = "SELECT count(*) FROM pg_database WHERE datname = 'menuvo_restoring'"


def contents(scene: Scene) -> Contents:
    """How many rows every table has and a sum over them, but for that in which workers write as
    they please, once they have nothing left to do, and those that no crash has to outlive."""
    scene.production.until(lambda: scene.production.sql(_AT_WORK) == "0", 180)
    told = scene.production.sql(_DIGESTS)
    found = dict(_NAME_AND_DIGEST.findall(told))
    assert "orders" in found, told
    return found


def differing(one: Contents, other: Contents) -> set[str]:
    return {table for table in one | other if one.get(table) != other.get(table)}


def rename_store(scene: Scene, name: str) -> None:
    """As a restaurant changes what guests read."""
    scene.production.sql(f"UPDATE stores SET name = '{name}'")


def back_up(scene: Scene, *options: str) -> str:
    """Returns its id."""
    done = scene.production.menuvo("backup", "now", *options)
    assert done.exit_code == 0, explained(done)
    return listed(scene)[0]["id"]


def listed(scene: Scene) -> list[dict[str, Any]]:
    """The newest first, as the service remembers them."""
    return json.loads(
        scene.production.project.execute("postgres-backup", "menuvo-backup", "list", "--json")
    )


def restore(scene: Scene, *arguments: str) -> Done:
    scene.webhook.take()
    return scene.production.menuvo("restore", "--yes", *arguments)


def check_restored(scene: Scene, done: Done, outcome: str = "done") -> dict[str, Any]:
    """What holds however it ended; returns its last event."""
    ended = ended_of(done)
    codes = {"done": 0, "serving_as_before": 1, "rolled_back": 3}
    assert (ended["outcome"], done.exit_code) == (outcome, codes[outcome]), explained(done)
    assert len(scene.webhook.told) == 1, scene.webhook.told
    assert ended["sentence"] in scene.webhook.told[0]
    scene.check_serving(scene.steady)
    assert scene.production.sql(HALF) == "0"
    return ended
