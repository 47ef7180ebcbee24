"""Whether what runs is what was deployed, and well."""

from collections.abc import Iterator

from menuvo_ops.rollout.plan import INSTANCES, TASKS
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.scene import Scene


def health(scene: Scene) -> Iterator[Problem]:
    if scene.options.repair:
        return
    there = scene.containers()
    for name in INSTANCES:
        if name not in there or not there[name].is_well:
            word = there[name].word if name in there else "missing"
            yield Problem(f"{name} is {word}", "Mend it first, or deploy over it with --repair.")


def drift(scene: Scene) -> Iterator[Problem]:
    """Whether what runs is what the current release says."""
    if scene.options.repair or scene.previous is None:
        return
    there = scene.containers()
    expected = scene.expected(scene.previous)
    images = set(scene.previous.images.values())
    other = sorted(
        name
        for name, hashed in expected.items()
        if name not in TASKS
        and name in there
        and (there[name].config_hash != hashed or there[name].image not in images)
    )
    missing = sorted(set(expected) - TASKS - set(there))
    if other or missing:
        told = [f"{name} was changed" for name in other] + [f"{name} is gone" for name in missing]
        yield Problem(
            f"What runs is not release {scene.previous.name}: {', '.join(told)}",
            "Take over what runs with: menuvo releases adopt. Or set it right with --repair.",
        )


def edge(scene: Scene) -> Iterator[Problem]:
    if scene.options.repair or "caddy" not in scene.containers():
        return
    if not scene.caddy().lives_by_its_files():
        yield Problem(
            "Caddy runs with another configuration than its files say",
            "Reload it (docs/guides/production-by-hand.md), or deploy with --repair.",
        )


def strangers(scene: Scene) -> Iterator[Problem]:
    there = sorted(set(scene.containers()) - TASKS)
    if there:
        yield Problem(
            f"Containers run that no release describes: {', '.join(there)}",
            "Take them over: menuvo releases adopt.",
        )
