"""The three requests without which a release is of no use: the menu, an order, the board.

Every release carries its own, so that a later one can ask it whether it still works:

    menuvo-platform seed > demo.json
    python -m tests.system.smoke http://127.0.0.1:3000 < demo.json
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.system.boards import signed_in
from tests.system.clone import Stack
from tests.system.guests import guest


async def smoke(base_url: str, demo: dict[str, Any]) -> None:
    """Raises what went wrong."""
    stack = Stack(
        root=Path(),
        base_url=base_url,
        menu_url=base_url + demo["menu_path"],
        table_url=base_url + demo["table_path"],
        console_url=base_url + demo["console_path"],
        logins={login["role"]: (login["email"], login["password"]) for login in demo["logins"]},
    )
    someone = guest(stack.menu_url)
    async with someone.http as http:
        order = await someone.order()
        print("the menu is read and an order is placed")
        (await http.get(order)).raise_for_status()
        print("the order has its page")
    async with signed_in(stack, "kitchen") as (kitchen, board):
        page = (await kitchen.get(board)).raise_for_status()
        if "Petra Probe" not in page.text:
            raise AssertionError("The board does not show the order.")
        print("the kitchen signs in and sees the order on its board")


if __name__ == "__main__":
    try:
        asyncio.run(smoke(sys.argv[1], json.load(sys.stdin)))
    except (httpx.HTTPError, AssertionError) as trouble:
        sys.exit(f"The smoke test failed: {trouble}")
