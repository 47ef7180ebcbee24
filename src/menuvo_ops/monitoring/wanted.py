"""When Beszel is to tell somebody, and whom: of the machine, since Gatus sees what guests meet."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from menuvo_ops.environment.values import Values, text
from menuvo_ops.monitoring.hub import Threshold

# What tells the sender how to send; an address that has these names itself must mark its own.
_SENDERS_NAMES = frozenset(
    {"contenttype", "disabletls", "messagekey", "method", "template", "title", "titlekey"}
)


@dataclass(frozen=True)
class Wanted:
    """`channels` are addresses as Beszel's sender takes them, with their secrets."""

    thresholds: Mapping[str, Threshold]
    channels: "tuple[str, ...]" = field(repr=False)


def wanted(values: Values) -> Wanted:
    return Wanted(thresholds(os.cpu_count() or 1), tuple(_channels(values)))


def thresholds(processors: int) -> "dict[str, Threshold]":
    """Percent, but for the load. A deploy or a backup at work stays below each of them."""
    return {
        "CPU": Threshold(90, 10),
        # Of what cannot be given back: the page cache does not count.
        "Memory": Threshold(90, 10),
        # Where the doctor warns too.
        "Disk": Threshold(85, 10),
        # As many again wait for each processor as it serves.
        "LoadAvg5": Threshold(2 * processors, 10),
        # The agent is silent; its value means nothing.
        "Status": Threshold(0, 5),
    }


def _channels(values: Values) -> Iterator[str]:
    """Those that Gatus has, so that there is one place to set them."""
    token, chat = (text(values, f"GATUS_TELEGRAM_{name}") for name in ("TOKEN", "CHAT_ID"))
    if token and chat:
        yield f"telegram://{quote(token, safe=':')}@telegram?{urlencode({'chats': chat})}"
    webhook = text(values, "ALERT_WEBHOOK_URL")
    if webhook:
        yield _as_channel(webhook)


def _as_channel(webhook: str) -> str:
    """JSON with `text`, as Gatus and a deploy send it there."""
    address = urlsplit(webhook)
    own = [
        (f"__{name}" if name in _SENDERS_NAMES else name, value)
        for name, value in parse_qsl(address.query, keep_blank_values=True)
    ]
    how = [("template", "json"), ("messagekey", "text")]
    return address._replace(
        scheme=f"generic+{address.scheme}", query=urlencode([*own, *how])
    ).geturl()
