"""Who reports to Gatus by themselves. The token is a secret, so this is not among its checks.

Names and errors of these are public: Gatus hides nothing of what it was told.
"""

import json

from menuvo_ops.environment.values import Values, text

# Three times as long as the service is silent between two reports.
_SILENCE = "15m"
_BACKUPS = (
    "A backup failed, is missing, or its service is silent."
    " Runbook: docs/runbooks/backup-failed.md. Run: menuvo backup list"
)


def heartbeats(values: Values) -> str:
    """YAML; valid and empty without a token, which Gatus would not start without."""
    token = text(values, "BACKUP_MONITOR_TOKEN")
    if not token:
        return "external-endpoints: []\n"
    return "\n".join(
        [
            "external-endpoints:",
            "  - name: Backups",
            "    group: Operations",
            f"    token: {json.dumps(token)}",
            "    heartbeat:",
            f"      interval: {_SILENCE}",
            "    alerts:",
            *_alert("telegram"),
            *_alert("custom"),
            "",
        ]
    )


def _alert(channel: str) -> tuple[str, ...]:
    """At the first failure: the service has judged already, and tries again by itself each hour."""
    return (
        f"      - type: {channel}",
        "        failure-threshold: 1",
        f"        description: {json.dumps(_BACKUPS)}",
    )
