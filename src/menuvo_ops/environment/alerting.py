"""The section `alerting` of Gatus, which silently ignores a provider that is wrong."""

import json
from collections.abc import Iterator

from menuvo_ops.environment.values import Values, text

# Slack, Mattermost and their kin read `text`; Gatus puts the rest in.
_BODY = json.dumps(
    {
        "text": "[ALERT_TRIGGERED_OR_RESOLVED]: [ENDPOINT_GROUP]/[ENDPOINT_NAME]"
        " - [ALERT_DESCRIPTION]"
    }
)


def alerting(values: Values) -> str:
    """YAML; valid and empty when no channel is set."""
    providers = [*_telegram(values), *_webhook(values)]
    if not providers:
        return "alerting: {}\n"
    return "\n".join(["alerting:", *providers]) + "\n"


def _telegram(values: Values) -> Iterator[str]:
    token, chat = (text(values, f"GATUS_TELEGRAM_{name}") for name in ("TOKEN", "CHAT_ID"))
    if token and chat:
        yield "  telegram:"
        yield f"    token: {_quoted(token)}"
        yield f"    id: {_quoted(chat)}"


def _webhook(values: Values) -> Iterator[str]:
    url = text(values, "ALERT_WEBHOOK_URL")
    if url:
        yield "  custom:"
        yield f"    url: {_quoted(url)}"
        yield "    method: POST"
        yield f"    body: {_quoted(_BODY)}"
        yield "    headers:"
        yield "      Content-Type: application/json"


def _quoted(value: str) -> str:
    """A JSON string is a YAML string; Gatus replaces `$NAME` in its whole text, but not `$$`."""
    return json.dumps(value, ensure_ascii=False).replace("$", "$$")
