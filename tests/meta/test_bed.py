"""The parts of the test bed that need no engine."""

import ipaddress
import os
import re
import time
from pathlib import Path

import pytest

from menuvo_ops.errors import Usage
from menuvo_ops.local.golang import Module
from tests.system.bed import base, binaries, firewall, kernel, production, standins
from tests.system.bed.bed import CHOICE, pull_images
from tests.system.bed.cache import cache, used
from tests.system.bed.daemon import Daemon
from tests.system.bed.engine import Engine
from tests.system.bed.report import Report

# As iptables shows them: policies, chains, rules.
BEFORE = ["-P INPUT ACCEPT", "-P FORWARD ACCEPT", "-A INPUT -i lo -j ACCEPT"]
DOCKERS = [
    "-P INPUT ACCEPT",
    "-P FORWARD DROP",
    "-N DOCKER",
    "-N DOCKER-USER",
    "-A INPUT -i lo -j ACCEPT",
    "-A FORWARD -j DOCKER-USER",
    "-A FORWARD -o menuvo-1 -j DOCKER",
    "-A DOCKER -d 172.30.0.2/32 ! -i menuvo-1 -o menuvo-1 -j ACCEPT",
    "-A DOCKER ! -i menuvo-10 -o menuvo-10 -j DROP",
]


def binaries_in(folder: Path) -> binaries.Binaries:
    folders = {module.name: folder / module.name for module in binaries.MODULES}
    return binaries.Binaries(folders, has_rate_limits=True)


def test_the_cache_is_where_the_variables_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    monkeypatch.delenv("MENUVO_BED_CACHE", raising=False)
    assert cache() == Path("/x/menuvo-bed")
    monkeypatch.setenv("MENUVO_BED_CACHE", "/bed")
    assert cache() == Path("/bed")


def test_what_nobody_used_for_a_month_leaves_the_cache(tmp_path: Path) -> None:
    for name, age in (("now-1", 40), ("recent-1", 29), ("old-1", 31)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "program").touch()
        then = time.time() - age * 86400
        os.utime(tmp_path / name, (then, then))

    assert used(tmp_path / "now-1") == tmp_path / "now-1"
    assert {path.name for path in tmp_path.iterdir()} == {"now-1", "recent-1"}


def test_an_engine_alone_takes_all_of_dockers_rules_out_again() -> None:
    assert firewall.undo(BEFORE, DOCKERS, bridge="menuvo-1", alone=True) == [
        ["-D", "FORWARD", "-j", "DOCKER-USER"],
        ["-D", "FORWARD", "-o", "menuvo-1", "-j", "DOCKER"],
        [
            "-D",
            "DOCKER",
            "-d",
            "172.30.0.2/32",
            "!",
            "-i",
            "menuvo-1",
            "-o",
            "menuvo-1",
            "-j",
            "ACCEPT",
        ],
        ["-D", "DOCKER", "!", "-i", "menuvo-10", "-o", "menuvo-10", "-j", "DROP"],
        ["-F", "DOCKER"],
        ["-F", "DOCKER-USER"],
        ["-X", "DOCKER"],
        ["-X", "DOCKER-USER"],
        ["-P", "FORWARD", "ACCEPT"],
    ]


def test_beside_another_engine_only_rules_of_our_bridge_go() -> None:
    assert firewall.undo(BEFORE, DOCKERS, bridge="menuvo-1", alone=False) == [
        ["-D", "FORWARD", "-o", "menuvo-1", "-j", "DOCKER"],
        [
            "-D",
            "DOCKER",
            "-d",
            "172.30.0.2/32",
            "!",
            "-i",
            "menuvo-1",
            "-o",
            "menuvo-1",
            "-j",
            "ACCEPT",
        ],
    ]


def test_rules_that_stood_there_before_stay() -> None:
    assert firewall.undo(DOCKERS, DOCKERS, bridge="menuvo-1", alone=True) == []


def test_a_subnet_is_taken_that_no_route_covers() -> None:
    used = ["172.30.0.0/24", "172.30.1.128/25", "10.0.0.0/8"]
    free = kernel.free_subnet([ipaddress.IPv4Network(one) for one in used])
    assert str(free) == "172.30.2.0/24"


def test_names_of_a_daemon_fit_into_the_kernels_limits() -> None:
    daemon = Daemon(home=Path("/a/very/long/path" * 10), programs=Path("/p"))
    assert len(daemon.name) <= 15
    assert len(daemon.environment["DOCKER_HOST"].removeprefix("unix://")) < 108


def test_the_base_is_built_of_every_package_and_checks_signatures() -> None:
    argv = base.mmdebstrap(
        Path("/m"), "forky", Path("/b.tar"), mirror="http://mirror.invalid/debian"
    )
    assert argv[:2] == ["perl", "/m"]
    assert f"--include={','.join(base.PACKAGES)}" in argv
    assert argv[-3:-1] == ["forky", "/b.tar"]
    assert "signed-by=" in argv[-1]
    assert "trusted" not in argv[-1]


@pytest.mark.parametrize("module", binaries.MODULES, ids=lambda module: module.name)
def test_every_program_is_pinned_with_its_hashes(module: Module) -> None:
    assert "\nrequire" in (module.folder / "go.mod").read_text()
    assert (module.folder / "go.sum").read_text().count(" h1:") > 10


def test_production_builds_the_same_caddy_as_the_bed() -> None:
    pinned = (binaries.CADDY.folder / "go.mod").read_text()
    assert "github.com/caddyserver/caddy/v2 v2.11." in pinned
    assert "github.com/mholt/caddy-ratelimit v" in pinned


@pytest.mark.parametrize("one", standins.STANDINS, ids=lambda one: one.reference)
def test_a_stand_in_says_that_it_is_one(one: standins.StandIn, tmp_path: Path) -> None:
    image = standins.image(one, "base:1", binaries_in(tmp_path), made_of="k")
    assert image.dockerfile.exists()
    assert image.labels["menuvo.standin"] == "true"
    assert ("program" in image.contexts) == ("--from=program" in image.dockerfile.read_text())


def test_the_finished_caddy_takes_the_place_of_its_builder(tmp_path: Path) -> None:
    given = {"PIP_INDEX_URL": "http://index.invalid", "HOME": "/root", "HTTP_PROXY": ""}
    image = production.image("caddy", binaries_in(tmp_path), environment=given)
    assert image.contexts == {"caddy-binary": str(tmp_path / "caddy")}
    assert image.arguments == {
        "VERSION": "bed",
        "PIP_INDEX_URL": "http://index.invalid",
    }


def test_production_takes_its_images_from_variables() -> None:
    stack = (production.CHECKOUT / "infra" / "docker-compose.yml").read_text()
    for variable in production.variables():
        assert f"${{{variable}:-" in stack


def test_every_other_image_of_production_has_a_stand_in() -> None:
    infra = production.CHECKOUT / "infra"
    stack = "".join(path.read_text() for path in infra.glob("docker-compose*.yml"))
    named = set(re.findall(r"image: \$\{\w+:-([^$}]+)\}", stack))
    assert named
    assert named <= set(standins.REFERENCES)


def test_with_official_images_caddy_is_built_as_a_release_builds_it() -> None:
    image = production.image("caddy", None, environment={})
    assert image.contexts == {}


def test_a_mistyped_choice_of_images_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOICE, "maybe")
    with pytest.raises(Usage, match="maybe"):
        pull_images(Engine("none", {}), lambda _: None)


def test_a_report_names_stand_ins_and_what_was_not_run() -> None:
    report = Report(engine="e", standins=("redis:8-alpine",), not_run=("rate limits",))
    with report.phase("base"):
        pass
    text = "\n".join(report.lines())
    assert "stand-ins in the place of official images: redis:8-alpine" in text
    assert "not run: rate limits" in text
    assert "base 0.0 s" in text
    assert "the official ones" in "\n".join(Report(engine="e").lines())
