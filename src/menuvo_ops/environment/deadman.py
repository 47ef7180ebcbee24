"""Who notices that the whole server is gone: somebody outside, who hears from it every minute.

A suite of Gatus asks one after the other and stops at the first failure, so its last step, the
address outside, is asked only while menus and orders answer - and not when Gatus is gone itself.
"""

import json

from menuvo_ops.environment.alerts import alerts, describe
from menuvo_ops.environment.values import Values, text

_HIDDEN = {f"hide-{what}": True for what in ("conditions", "errors", "hostname", "port", "url")} | {
    "dont-resolve-failed-conditions": True
}
# Without the name of the variable: in Telegram's Markdown its underscore begins what never ends.
_CAUSE = "The watch outside does not answer: nobody would notice that this server is gone."


def deadman(values: Values) -> str:
    """YAML; valid and empty where nobody outside listens. `${...}` is Gatus' own environment."""
    # Gatus replaces `$NAME` in its whole text, but not `$$`.
    url = text(values, "DEADMAN_URL").replace("$", "$$")
    if not url:
        return "suites: []\n"
    told = describe(
        _CAUSE,
        domain=text(values, "DOMAIN"),
        since="about two minutes",
        runbook="outside-watch",
        command="./menuvo env check",
    )
    suite = {
        "name": "Outside watch",
        "group": "Operations",
        "interval": "1m",
        "timeout": "30s",
        "endpoints": [
            _step("Menus seen from here", "${EDGE_URL}/live"),
            _step("Orders seen from here", "${EDGE_URL}/health"),
            {**_step("Somebody outside", url), "alerts": alerts(told, failures=2)},
        ],
    }
    return f"suites: {json.dumps([suite], indent=2)}\n"


def _step(name: str, url: str) -> dict[str, object]:
    """The certificate is judged by another check."""
    own = url.startswith("${EDGE_URL}")
    return {
        "name": name,
        "url": url,
        "client": {"timeout": "10s", **({"insecure": True} if own else {})},
        "conditions": ["[STATUS] < 300"],
        "ui": _HIDDEN,
    }
