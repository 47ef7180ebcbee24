"""One production for all tests that try releases: each leaves the good one serving."""

from collections.abc import Generator

import pytest

from tests.restaurants.filling import orders_of
from tests.system.bed.bed import Bed
from tests.system.production.restaurants import fill
from tests.system.rollout import migrations
from tests.system.rollout.scenes import Scene, running_scene

MEGABYTES = 50


@pytest.fixture(scope="package")
def standing_scene(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Generator[Scene]:
    with running_scene(bed, tmp_path_factory.mktemp("deployment")) as scene:
        yield scene


@pytest.fixture
def scene(standing_scene: Scene) -> Generator[Scene]:
    """What a test changed is taken back, so that one that fails takes no other with it."""
    yield standing_scene
    standing_scene.back_to_steady()


@pytest.fixture(scope="package")
def months_of_orders(standing_scene: Scene) -> int:
    """How many orders of other restaurants are there from now on, in about 50 MB. They are filled
    in once, and later tests find them there."""
    fill(standing_scene.production, MEGABYTES)
    return orders_of(MEGABYTES)


@pytest.fixture
def schema_as_before(scene: Scene) -> Generator[None]:
    yield
    scene.production.sql(migrations.AS_BEFORE)
