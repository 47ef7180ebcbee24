"""The alerts that stand beside a secret and so not in infra/gatus/gatus.yaml, as parts of Gatus'
own configuration.

A description is sent as it is, by Telegram as Markdown: no underscore or star, no quotation mark.
"""

CHANNELS = ("telegram", "custom")
SUCCESSES = 2


def describe(cause: str, *, domain: str, since: str, runbook: str, command: str) -> str:
    """The sentence an operator is woken by, worded as those in infra/gatus/gatus.yaml."""
    return (
        f"{cause} Host: {domain}. Since: {since} before this alert."
        f" Runbook: docs/runbooks/{runbook}.md. Run: `{command}`"
    )


def alerts(description: str, *, failures: int) -> list[dict[str, object]]:
    """One for each channel, after so many failures in a row."""
    return [
        {
            "type": channel,
            "failure-threshold": failures,
            "success-threshold": SUCCESSES,
            "send-on-resolved": True,
            "description": description,
        }
        for channel in CHANNELS
    ]
