"""The name that guests know: whether it leads here, and how long its certificate lasts."""

import socket
import ssl
from datetime import datetime, timezone
from http.client import HTTPException

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.finding import Found, doubtful, ill, not_looked, well
from menuvo_ops.doctor.production.check import Checks
from menuvo_ops.rollout.edge import end_of_certificate, release_at_name

_PATIENCE_SECONDS = 5
_SOON_DAYS = 14
_URGENT_DAYS = 3
_POINT = "Point its A and AAAA records to this server, where the domain is registered."
_OPEN = "Are 80 and 443 open, in the provider's firewall too?"
_CADDY = "docker compose logs --tail 50 caddy"


def name(ground: Deployed) -> Found:
    """Asked as guests ask: behind a proxy of others its addresses are not this server's."""
    domain = ground.domain
    if ground.has_own_certificates:
        return not_looked(f"{domain} is a name of this machine alone (TLS_MODE=internal).")
    try:
        release = release_at_name(domain, seconds=_PATIENCE_SECONDS)
    except socket.gaierror as error:
        return ill(f"{domain} leads nowhere: {error.strerror}.", fix=_POINT)
    except ssl.SSLCertVerificationError as error:
        return ill(f"Browsers warn of {domain}: {error.verify_message}.", fix=_CADDY)
    except (OSError, HTTPException) as error:
        return ill(f"{domain} does not answer: {error}.", fix=_OPEN)
    if release != ground.release.version:
        return ill(f"{domain} is answered by somebody else.", fix=_POINT)
    return well(f"{domain} leads here.")


def certificate(ground: Deployed) -> Found:
    edge = ground.edge
    if edge is None:
        return not_looked("Nothing listens for guests.")
    try:
        end = end_of_certificate(edge, seconds=_PATIENCE_SECONDS)
    except ssl.SSLCertVerificationError as error:
        return ill(
            f"Browsers refuse {ground.domain}: {error.verify_message}.", fix=_renewal(ground)
        )
    days = (end - datetime.now(timezone.utc)).days  # noqa: UP017, as Python 3.10 has it
    told = f"The certificate of {ground.domain} lasts until {end:%Y-%m-%d} ({days} days)."
    if ground.has_own_certificates or days >= _SOON_DAYS:
        return well(told)
    fix = _renewal(ground)
    return ill(told, fix=fix) if days < _URGENT_DAYS else doubtful(told, fix=fix)


def _renewal(ground: Deployed) -> str:
    if ground.environment["TLS_MODE"] == "origin":
        return (
            "It is your own: put another one where ORIGIN_CERTIFICATE_FILE and ORIGIN_KEY_FILE say;"
            f" then: {ground.deploy_again}"
        )
    return f"Caddy renews it by itself, and says why it cannot: {_CADDY}"


CHECKS: Checks = {"address-name": name, "address-certificate": certificate}
