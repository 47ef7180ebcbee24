"""What guests meet."""

import json
from typing import cast

from menuvo_ops.doctor.finding import Check, Found, ill, well
from menuvo_ops.doctor.ground import Ground


def menus(ground: Ground) -> Found:
    _ = ground.ask_edge("/live")
    return well("Menus can be read.")


def orders(ground: Ground) -> Found:
    told = cast("dict[str, str]", json.loads(ground.ask_edge("/health")))
    unwell = [name for name in ("status", "db", "redis") if told.get(name) != "ok"]
    if not unwell:
        return well("Orders can be placed: the database and Redis answer the platform.")
    return ill(
        f"The platform says of itself: {', '.join(f'{one} {told.get(one)}' for one in unwell)}.",
        fix=ground.words.logs_of("platform-a"),
    )


CHECKS: "dict[str, Check]" = {"edge-menus": menus, "edge-orders": orders}
