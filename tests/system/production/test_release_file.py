"""The image carries its release: the tool and the infrastructure are of the commit it is of."""

from pathlib import Path

import pytest

from menuvo_ops.commands import docker
from menuvo_ops.shipping import bundle, inputs
from menuvo_ops.shipping.layout import IN_IMAGE
from menuvo_ops.shipping.packing import pack
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT, reference

pytestmark = pytest.mark.core


@pytest.fixture(scope="module")
def pyz(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As a server takes it out: without starting anything."""
    target = tmp_path_factory.mktemp("release") / "menuvo.pyz"
    created = docker.create(reference("platform"))
    container = bed.engine.docker(created, what="Creating a container").strip()
    try:
        bed.engine.docker(docker.copy_from(container, IN_IMAGE, target), what="Copying")
    finally:
        bed.engine.docker(docker.remove_container(container), what="Removing the container")
    return target


def test_its_infrastructure_is_the_checkouts(pyz: Path) -> None:
    release = bundle.read(pyz)
    assert release.version == "bed"
    assert release.images == {"platform": "bed", **inputs.tags(CHECKOUT)}
    assert {"docker-compose.yml", "caddy/Caddyfile", "gatus/gatus.yaml"} <= release.files.keys()
    for path, content in release.files.items():
        assert content == (CHECKOUT / "infra" / path).read_bytes(), path


def test_it_is_what_this_checkout_packs(pyz: Path, tmp_path: Path) -> None:
    """Nothing is lost on the way into the build, and another Python packs the same bytes."""
    pack(CHECKOUT, "bed", tmp_path / "menuvo.pyz")
    assert pyz.read_bytes() == (tmp_path / "menuvo.pyz").read_bytes()


def test_it_runs_in_its_image_too(bed: Bed) -> None:
    argv = ["docker", "run", "--rm", "--read-only", "--network=none", reference("platform")]
    said = bed.engine.docker([*argv, "python3", IN_IMAGE, "version"], what="Running it")
    assert said == "bed\n"
