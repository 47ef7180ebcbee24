"""What can only be wrong between two values."""

import ipaddress
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from menuvo_ops.environment import age, certificates, keys
from menuvo_ops.environment.findings import Finding, warning
from menuvo_ops.environment.reading import is_readable
from menuvo_ops.environment.values import Values, text, words

# Names that no public certificate authority can reach.
_PRIVATE_ENDINGS = ("localhost", "local", "localdomain", "lan", "home", "internal", "intranet")
_RESERVED_ENDINGS = ("test", "example", "invalid", "arpa", "onion")
HOSTS = ("", "console.", "monitor.", "status.")


def relations(values: Values, *, malformed: set[str]) -> Iterator[Finding]:
    """`malformed` names have a finding of their own already, and say nothing here."""
    for names, find in _RELATIONS.items():
        if malformed.isdisjoint(names):
            yield from find(values)


def _public_domain(values: Values) -> Iterator[Finding]:
    domain = text(values, "DOMAIN")
    if text(values, "TLS_MODE") == "acme" and not _is_public(domain):
        told = f"is not public: {domain!r}, so TLS_MODE=acme gets no certificate for it"
        yield Finding("DOMAIN", told, "It looks like: menuvo.app. For tries: TLS_MODE=internal.")


def _is_public(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        ending = domain.rpartition(".")[2]
        return "." in domain and ending not in (*_PRIVATE_ENDINGS, *_RESERVED_ENDINGS)
    return False


def _origin_certificate(values: Values) -> Iterator[Finding]:
    if text(values, "TLS_MODE") != "origin":
        return
    unusable = False
    for name in ("ORIGIN_CERTIFICATE_FILE", "ORIGIN_KEY_FILE"):
        path = text(values, name)
        if not is_readable(path):
            unusable = True
            yield Finding(name, f"cannot be read: {path}", "Name a file that this user can read.")
    if unusable:
        return
    certificate, key = (
        Path(text(values, f"ORIGIN_{half}_FILE")) for half in ("CERTIFICATE", "KEY")
    )
    domain = text(values, "DOMAIN")
    problem = certificates.problem(certificate, key, [f"{host}{domain}" for host in HOSTS])
    if problem:
        yield Finding(
            "ORIGIN_CERTIFICATE_FILE",
            f"does not serve the site: {problem}",
            f"A certificate in PEM for {domain} and *.{domain}, with its key.",
        )


def _buckets(values: Values) -> Iterator[Finding]:
    backups = _bucket(values, "BACKUP_S3_ENDPOINT", "BACKUP_S3_BUCKET")
    for name in ("S3_BUCKET", "S3_FILES_BUCKET"):
        if backups[1] and backups == _bucket(values, "S3_ENDPOINT", name):
            told = f"is the same bucket as {name}: what destroys one destroys both"
            yield Finding("BACKUP_S3_BUCKET", told, "Make a bucket for backups alone.")
    copies = _bucket(values, "BACKUP_OBJECTS_S3_ENDPOINT", "BACKUP_OBJECTS_S3_BUCKET")
    for name in ("S3_BUCKET", "S3_FILES_BUCKET"):
        if copies[1] and copies == _bucket(values, "S3_ENDPOINT", name):
            told = f"is the same bucket as {name}: a copy in its own place is none"
            yield Finding("BACKUP_OBJECTS_S3_BUCKET", told, "Make a bucket for copies alone.")
    if text(values, "S3_BUCKET") and text(values, "S3_BUCKET") == text(values, "S3_FILES_BUCKET"):
        told = "is the same bucket as S3_BUCKET, which guests may read"
        yield Finding("S3_FILES_BUCKET", told, "Make a second, private bucket.")


def _bucket(values: Values, endpoint: str, bucket: str) -> tuple[str | None, str]:
    return urlsplit(text(values, endpoint)).hostname, text(values, bucket)


def _backup_key(values: Values) -> Iterator[Finding]:
    key = text(values, "BACKUP_S3_ACCESS_KEY_ID")
    if key and key == text(values, "S3_ACCESS_KEY_ID"):
        told = "is the key of the pictures: who has it can delete the backups too"
        yield warning("BACKUP_S3_ACCESS_KEY_ID", told, "Make a key that cannot delete backups.")


def _sealing(values: Values) -> Iterator[Finding]:
    recipients = words(text(values, "BACKUP_AGE_RECIPIENT"))
    own = [age.recipient_of(one) for one in words(text(values, "BACKUP_AGE_IDENTITY"))]
    if not recipients:
        return
    if not own:
        told = "is empty: this server can restore nothing from the bucket, nor try it"
        yield warning("BACKUP_AGE_IDENTITY", told, "Is it in a safe place, and known to two?")
    elif not set(own) & set(recipients):
        told = f"opens nothing that is sealed for BACKUP_AGE_RECIPIENT: it is that of {own[0]}"
        yield Finding("BACKUP_AGE_IDENTITY", told, "Take both from one pair.")


def _stripe(values: Values) -> Iterator[Finding]:
    secret, public = (text(values, f"STRIPE_{key}_KEY") for key in ("SECRET", "PUBLISHABLE"))
    if not (secret or public):
        told = "is empty: guests can pay at the counter only"
        yield warning("STRIPE_SECRET_KEY", told, "Set the keys of Stripe to take payments.")
    elif secret and public and ("_live_" in secret) != ("_live_" in public):
        told = "and STRIPE_SECRET_KEY are not both live or both test keys"
        yield Finding("STRIPE_PUBLISHABLE_KEY", told, "Take both from the same page of Stripe.")


def _hub(values: Values) -> Iterator[Finding]:
    public, private = text(values, "BESZEL_AGENT_KEY"), text(values, "BESZEL_HUB_KEY")
    if public and private:
        own = keys.public_half(private)
        if own is None:
            told = "is no private key in OpenSSH's format, or has a passphrase"
            yield Finding("BESZEL_HUB_KEY", told, "Empty both, and run: menuvo env init")
        elif not keys.same_key(own, public):
            told = "is not the public half of BESZEL_HUB_KEY"
            yield Finding("BESZEL_AGENT_KEY", told, f"It looks like: {own}")


def _signing(values: Values) -> Iterator[Finding]:
    if text(values, "AUTH_SECRET_NEXT"):
        told = "does not sign yet: a rotation was not ended"
        yield warning("AUTH_SECRET_NEXT", told, "Go on: menuvo env rotate AUTH_SECRET")
    if text(values, "AUTH_SECRET_PREVIOUS"):
        told = "is still believed, and whoever knows it can forge the mark of a form"
        remedy = "A day after the rotation: menuvo env rotate AUTH_SECRET --finish"
        yield warning("AUTH_SECRET_PREVIOUS", told, remedy)


def _alerts(values: Values) -> Iterator[Finding]:
    if not (text(values, "GATUS_TELEGRAM_TOKEN") or text(values, "ALERT_WEBHOOK_URL")):
        told = "is empty, and so is ALERT_WEBHOOK_URL: nobody is told when something breaks"
        yield warning("GATUS_TELEGRAM_TOKEN", told, "Set one of the two.")
    if not text(values, "DEADMAN_URL"):
        told = "is empty: nobody is told when the whole server dies"
        yield warning("DEADMAN_URL", told, "It looks like: https://hc-ping.com/UUID.")


_RELATIONS: dict[tuple[str, ...], Callable[[Values], Iterator[Finding]]] = {
    ("DOMAIN", "TLS_MODE"): _public_domain,
    ("ORIGIN_CERTIFICATE_FILE", "ORIGIN_KEY_FILE", "DOMAIN", "TLS_MODE"): _origin_certificate,
    ("S3_ENDPOINT", "BACKUP_S3_ENDPOINT", "BACKUP_OBJECTS_S3_ENDPOINT"): _buckets,
    ("BACKUP_S3_ACCESS_KEY_ID",): _backup_key,
    ("BACKUP_AGE_RECIPIENT", "BACKUP_AGE_IDENTITY"): _sealing,
    ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY"): _stripe,
    ("BESZEL_AGENT_KEY", "BESZEL_HUB_KEY"): _hub,
    ("AUTH_SECRET_NEXT", "AUTH_SECRET_PREVIOUS"): _signing,
    ("GATUS_TELEGRAM_TOKEN", "ALERT_WEBHOOK_URL", "DEADMAN_URL"): _alerts,
}
