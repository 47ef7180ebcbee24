"""Whether what runs is what was deployed, and well."""

from collections.abc import Iterator, Mapping

from menuvo_ops.rollout.containers import Container
from menuvo_ops.rollout.plan import INSTANCES, TASKS
from menuvo_ops.rollout.preflight.problem import Problem
from menuvo_ops.rollout.records import Release
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
    expected = scene.expected(scene.previous)
    other, missing = find_drift(expected, scene.previous, scene.containers())
    if other or missing:
        told = [f"{name} was changed" for name in other] + [f"{name} is gone" for name in missing]
        yield Problem(
            f"What runs is not release {scene.previous.name}: {', '.join(told)}",
            "Take over what runs with: menuvo releases adopt. Or set it right with --repair.",
        )


def find_drift(
    expected: Mapping[str, str], release: Release, there: Mapping[str, Container]
) -> "tuple[list[str], list[str]]":
    """The services whose containers are other ones than the release says, and those without one;
    `expected` has the hash that each has to carry."""
    images = set(release.images.values())
    other = sorted(
        name
        for name, hashed in expected.items()
        if name not in TASKS
        and name in there
        and (there[name].config_hash != hashed or there[name].image not in images)
    )
    return other, sorted(set(expected) - TASKS - set(there))


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
