"""What the bucket has of a line is found by the names of its objects."""

from datetime import UTC, datetime

import pytest

from menuvo_backup.bucket import Bucket
from menuvo_backup.wal.archive import GROWING, Piece, folder_of
from menuvo_backup.wal.lines import Line, find_growth
from menuvo_backup.wal.segments import Segment
from tests.menuvo_backup.conftest import IMPATIENT
from tests.menuvo_backup.object_server import ObjectServer

# The first run on a machine builds the S3 server.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SYSTEM = "7000000000000000001"
SIZE = 16 * 1024 * 1024


async def test_the_last_piece_before_the_longest_absence_of_the_bucket_is_found(
    object_server: ObjectServer,
) -> None:
    """Whole segments that waited come one after the other, and none of them says when it was."""
    object_server.empty()
    bucket, told = Bucket(object_server.settings, IMPATIENT), datetime(2026, 11, 23, 18, tzinfo=UTC)
    piece, before = Piece(0, 5000, told), Segment(1, 7, SIZE)
    name = f"{folder_of(SYSTEM, 1)}/{GROWING}/{before.name}/{piece.stem}.gz"
    await bucket.put(b"", to=name)
    line = Line(SYSTEM, 1, began=told, history=b"", segments={}, bases=())
    # 2 GiB wait here and 4 GB in PostgreSQL.
    last = Segment(1, before.number + 6 * 1024**3 // SIZE, SIZE)
    growth, moment = await find_growth(bucket, line, last)
    assert (growth.segment, growth.pieces, moment) == (last.next, (), told)
