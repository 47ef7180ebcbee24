from collections.abc import Callable, Mapping
from typing import TypeAlias

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found

Check: TypeAlias = Callable[[Deployed], Found]
Checks: TypeAlias = Mapping[str, Check]
