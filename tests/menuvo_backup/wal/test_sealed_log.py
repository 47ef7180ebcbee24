"""A log that nobody reads who has the bucket alone, and that whoever has the key recovers from."""

from dataclasses import replace
from pathlib import Path

import pytest

from menuvo_backup.errors import KeyMissing
from menuvo_backup.wal.recover import Wanted, recover
from menuvo_ops.local.ports import free_port
from tests.age import new_pair
from tests.menuvo_backup.conftest import IMPATIENT
from tests.menuvo_backup.object_server import ObjectServer
from tests.menuvo_backup.wal.cluster import Cluster
from tests.menuvo_backup.wal.conftest import Archived

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


async def test_what_a_server_without_the_key_has_sealed_is_recovered_with_it_alone(
    age: None, archived: Archived, object_server: ObjectServer, tmp_path: Path
) -> None:
    pair = new_pair()
    service = archived.service.with_(BACKUP_AGE_RECIPIENT=pair.recipient)
    sealing = replace(archived, service=service)
    async with sealing.archiving():
        await sealing.shipped()
        await sealing.base()
        kept = await sealing.write("kept")
        await sealing.shipped()
    base = (await sealing.window()).base
    assert base is not None
    assert base.recipients == [pair.recipient]
    archived.cluster.lose()
    wanted = Wanted(at=kept.isoformat(), into=tmp_path / "recovered", amcheck=False)
    with pytest.raises(KeyMissing):
        await recover(service.settings, wanted, IMPATIENT)
    described = (".json", ".history")
    content = [file for key, file in object_server.files().items() if not key.endswith(described)]
    assert len(content) > 3
    assert all(file.read_bytes().startswith(b"age-encryption.org/v1") for file in content)
    with_key = service.with_(BACKUP_AGE_IDENTITY=pair.identity)
    await recover(with_key.settings, wanted, IMPATIENT)
    back = Cluster(tmp_path / "recovered", free_port())
    with back.running():
        assert await replace(archived, cluster=back).read() == ["kept"]
