"""How much containers take, as Docker's client prints it."""

import json
import math
import re
from collections.abc import Mapping
from typing import cast

SHORT_ID = 12
_SIZE = re.compile(r"([\d.]+)\s*([kKMGT]?)(i?)B")
_POWERS = {"": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4}


def bytes_of(size: str) -> int:
    """Of the memory `3.9MiB`, of the disk `1.2GB`."""
    found = _SIZE.match(size)
    if found is None:
        return 0
    base = 1024 if found[3] else 1000
    return int(float(found[1]) * math.pow(base, _POWERS[found[2]]))


def memory_by_container(printed: str) -> Mapping[str, int]:
    """Bytes by the short id, from lines such as `{"ID":"e62…","MemUsage":"3.9MiB / 256MiB"}`."""
    shown = (cast("dict[str, str]", json.loads(line)) for line in printed.splitlines())
    return {one["ID"][:SHORT_ID]: bytes_of(one["MemUsage"]) for one in shown}
