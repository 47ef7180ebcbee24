"""What the backup service reports to Gatus by itself. The token is a secret, so this is not among
its checks.

Names and errors of these are public: Gatus hides nothing of what it was told.
"""

import json

from menuvo_ops.environment.alerts import alerts, describe
from menuvo_ops.environment.values import Values, text

# Of the first alone: whose service is silent needs no four messages. Gatus looks this often, so
# silence is told after twice as long, within three minutes; the service speaks every 30 seconds.
_SILENCE = "80s"
# Each by its public name: the cause, since when, the runbook, the command.
_REPORTS = {
    "Backups": (
        "A backup failed or is missing, or its service is silent.",
        "at most three minutes",
        "backup-failed",
        "./menuvo backup list",
    ),
    "Archive": (
        "The log of the database does not reach the bucket: a lost server would lose orders.",
        "about two minutes",
        "archive-late",
        "./menuvo backup window",
    ),
    "Restore drill": (
        "The last drill failed, or there was none for nine days.",
        "about a minute",
        "drill-overdue",
        "./menuvo drill",
    ),
    "Disk": (
        "Less than a tenth of the disk is free.",
        "about a minute",
        "disk-full",
        "./menuvo doctor",
    ),
}


def heartbeats(values: Values) -> str:
    """YAML; valid and empty without a token, which Gatus would not start without."""
    token = text(values, "BACKUP_MONITOR_TOKEN")
    domain = text(values, "DOMAIN")
    endpoints = [_endpoint(name, token, domain) for name in _REPORTS] if token else []
    return f"external-endpoints: {json.dumps(endpoints, indent=2)}\n"


def _endpoint(name: str, token: str, domain: str) -> dict[str, object]:
    """Told at the first failure: the service has judged already."""
    cause, since, runbook, command = _REPORTS[name]
    told = describe(cause, domain=domain, since=since, runbook=runbook, command=command)
    heartbeat = {"heartbeat": {"interval": _SILENCE}} if name == "Backups" else {}
    return {
        "name": name,
        "group": "Operations",
        "token": token,
        **heartbeat,
        "alerts": alerts(told, failures=1),
    }
