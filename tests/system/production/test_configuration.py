"""A change of the edge is taken over without a restart; a mistake in it is refused."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from menuvo_ops.errors import CommandFailed
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT, reference
from tests.system.bed.project import RunningProject

pytestmark = pytest.mark.core

RELOAD = ("caddy", "reload", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile")
COMPOSE = """
services:
  caddy:
    image: {image}
    read_only: true
    environment:
      DOMAIN: menuvo.localhost
      SITE_ADDRESS: https://menuvo.localhost
      PUBLIC_URL: https://menuvo.localhost
      TLS_MODE: internal
      CADDY_ADMIN: localhost:2019
    volumes: ["{folder}:/etc/caddy:ro", "data:/data"]
    tmpfs: ["/config:mode=1777", "/tmp:mode=1777"]
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:2019/config/"]
      interval: 1s
volumes:
  data:
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("edge") / "caddy"
    shutil.copytree(CHECKOUT / "infra/caddy", copied)
    return copied


@pytest.fixture(scope="module")
def edge(bed: Bed, folder: Path) -> Generator[RunningProject]:
    file = folder.parent / "compose.yml"
    file.write_text(COMPOSE.format(image=reference("caddy"), folder=folder))
    with bed.project(file) as project:
        project.up()
        yield project


def what_runs(edge: RunningProject) -> str:
    return edge.execute("caddy", "wget", "-q", "-O", "-", "http://127.0.0.1:2019/config/")


def test_a_mistake_is_refused_and_the_old_configuration_stays(
    edge: RunningProject, folder: Path
) -> None:
    before, site = what_runs(edge), folder / "sites" / "status.caddy"
    right = site.read_text()
    site.write_text(right.replace("reverse_proxy", "reverse_prox"))
    with pytest.raises(CommandFailed, match="exit code 1") as refusal:
        edge.execute("caddy", *RELOAD)
    site.write_text(right)
    assert "status.caddy" in refusal.value.hint
    assert what_runs(edge) == before


def test_a_change_is_taken_over_without_another_container(
    edge: RunningProject, folder: Path
) -> None:
    """Also when an editor has replaced the file: the folder is mounted, not the file."""
    container = edge.inspect("caddy")["State"]["StartedAt"]
    site = folder / "sites" / "console.caddy"
    changed = site.with_suffix(".new")
    changed.write_text(site.read_text().replace("/console\n", "/console?from=name\n"))
    changed.replace(site)
    edge.execute("caddy", *RELOAD)
    assert "/console?from=name" in what_runs(edge)
    assert edge.inspect("caddy")["State"]["StartedAt"] == container
