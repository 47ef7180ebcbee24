"""Whether what runs is what was deployed, and can be deployed again."""

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found, doubtful, ill, not_looked, well
from menuvo_ops.doctor.production.check import Checks
from menuvo_ops.environment import plain
from menuvo_ops.environment.differences import differing
from menuvo_ops.environment.reading import exposed_mode
from menuvo_ops.rollout.caddy import Caddy
from menuvo_ops.rollout.drafting import source_of
from menuvo_ops.rollout.lock import holder
from menuvo_ops.rollout.preflight.running import find_drift

_LONG_HELD = "Is it at work? Its terminal or its job says. Else: kill {process}"


def under_way(ground: Deployed) -> Found:
    owner, entry = holder(ground.archive.lock), ground.archive.under_way()
    if owner is not None and owner.lives:
        return doubtful(f"At work: {owner}.", fix=_LONG_HELD.format(process=owner.process))
    if entry is None:
        return well("Nothing was begun that was not ended.")
    return ill(f"A {entry.told} was cut off at: {entry.at_step}.", fix=entry.what_to_do)


def drift(ground: Deployed) -> Found:
    other, missing = find_drift(ground.expected, ground.release, ground.containers)
    told = [f"{name} was changed" for name in other] + [f"{name} is gone" for name in missing]
    if not told:
        return well(f"What runs is release {ground.release.name}.")
    return ill(
        f"What runs is not release {ground.release.name}: {', '.join(told)}.",
        fix=f"{ground.deploy_again} --repair",
    )


def proxy(ground: Deployed) -> Found:
    caddy = Caddy(ground.stack, ground.container("caddy"))
    if caddy.lives_by_its_files():
        return well("Caddy runs with the configuration of its files.")
    return ill(
        "Caddy runs with another configuration than its files say.",
        fix=f"{ground.deploy_again} --repair",
    )


def environment(ground: Deployed) -> Found:
    wrong = [line for line in plain.check(ground.deployment) if line.startswith("error")]
    if not wrong:
        return well("Every value that is needed is there and well-formed.")
    told = "\n".join(line.removeprefix("error").strip() for line in wrong)
    return ill(told, fix="Mend it in .env; menuvo env check says whether it is right.")


def undeployed(ground: Deployed) -> Found:
    """Names alone: the values may be secrets."""
    serves = source_of(ground.archive.folder(ground.release.number))
    if not (ground.directory / ".env").exists():
        return not_looked("There is no .env to compare with.")
    waiting = differing(serves, source_of(ground.directory))
    if not waiting:
        return well("What serves was given what stands in .env.")
    return doubtful(
        f"In .env, and not deployed yet: {', '.join(waiting)}.",
        fix=f"menuvo env diff says what it would replace; then: {ground.deploy_again}",
    )


def readers(ground: Deployed) -> Found:
    """The environment has the keys of everything."""
    mode = exposed_mode(ground.deployment.env_file)
    if mode is None:
        return well("Nobody but its owner reads .env.")
    return ill(
        f".env may be read by others (mode {mode:o}).",
        fix=f"chmod 600 {ground.deployment.env_file}",
    )


CHECKS: Checks = {
    "release-under-way": under_way,
    "release-drift": drift,
    "release-proxy": proxy,
    "environment": environment,
    "environment-drift": undeployed,
    "environment-readers": readers,
}
