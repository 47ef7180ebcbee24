"""A constant load through the edge of a production, while something is done to it.

with running_load(production) as load:
    deploy(...)
result = load.result()
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.system.bed.production import CHECKOUT
from tests.system.production.stack import DOMAIN, Production
from tests.system.rollout.answers import Answer, Order, Result
from tests.system.rollout.driving import Plan, guests_of_a_load

# Sixty a second, from one address: of pages the edge lets 60 pass and of orders 5, and of orders
# the platform lets one pass. An order is four requests.
MIX = {"menu": 42.0, "style": 12.0, "item": 3.0, "order": 0.8}
_BEGIN_SECONDS = 60
_END_SECONDS = 60
_PAUSE = 0.05


@dataclass
class Load:
    production: Production
    plan: Plan
    process: subprocess.Popen[str]
    answers: list[Answer] = field(default_factory=list[Answer])
    acknowledged: list[str] = field(default_factory=list[str])
    failures_so_far: int = 0
    _told: dict[str, Any] = field(default_factory=dict[str, Any])
    _result: Result | None = None

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.process.stdin
        self.process.stdin.write(json.dumps(asdict(self.plan)) + "\n")
        self.process.stdin.flush()

    @property
    def requests_so_far(self) -> int:
        return len(self.answers)

    def until_begun(self) -> None:
        self._until(lambda: "began" in self._told, _BEGIN_SECONDS, "The load has not begun")

    def until_requests(self, count: int, *, seconds: float = 600) -> None:
        self._until(lambda: len(self.answers) >= count, seconds, f"Not yet {count} requests")

    def stop(self) -> None:
        """Waits for what is in flight, and for the last ticket. A second time changes nothing."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
            try:
                self.process.wait(_END_SECONDS)
            finally:
                self.process.kill()
            self._reader.join()

    def result(self) -> Result:
        """Stops the load; the production must still be there to be asked for its orders."""
        self.stop()
        assert self.process.returncode == 0, f"The load ended with {self.process.returncode}."
        if self._result is None:
            self._result = Result(
                answers=tuple(self.answers),
                acknowledged=tuple(self.acknowledged),
                orders=orders_of(self.production, self.plan.guests),
                tickets=frozenset(self._told["tickets"]),
                cpu_share=self._told["cpu_share"],
                latest=self._told["latest"],
            )
        return self._result

    def _until(self, condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, "The load has ended by itself."
            assert time.monotonic() < deadline, f"{otherwise} after {seconds} s."
            time.sleep(_PAUSE)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            what, value = json.loads(line)
            if what == "answer":
                answer = Answer(**value)
                self.answers.append(answer)
                self.failures_so_far += bool(answer.problem)
            elif what == "acknowledged":
                self.acknowledged.append(value)
            else:
                self._told[what] = value


@contextmanager
def running_load(
    production: Production, *, per_second: Mapping[str, float] = MIX
) -> Generator[Load]:
    """Begins with the first answers and an open board, and ends with the block."""
    [(email, password)] = [
        (login["email"], login["password"])
        for login in production.demo["logins"]
        if login["role"] == "kitchen"
    ]
    plan = Plan(
        base_url=production.base_url,
        host=DOMAIN,
        authority=production.authority_text,
        menu=production.demo["menu_path"],
        email=email,
        password=password,
        guests=guests_of_a_load(),
        per_second=dict(per_second),
    )
    argv = [sys.executable, "-m", "tests.system.rollout.driving"]
    with subprocess.Popen(
        argv, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        load = Load(production, plan, process)
        try:
            load.until_begun()
            yield load
        finally:
            load.stop()


def orders_of(production: Production, guests: str) -> tuple[Order, ...]:
    statement = (
        "SELECT tracking_token, id, guest_name FROM orders"
        f" WHERE guest_name LIKE '{guests} %' ORDER BY placed_at"
    )
    rows = production.sql(statement).splitlines()
    return tuple(Order(*row.split("|")) for row in rows)
