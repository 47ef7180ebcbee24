"""Asks OpenSSL, which Python carries, whether a certificate would serve the site."""

import ssl
from pathlib import Path

# TLS 1.3 needs two.
_MOST_ROUNDS = 10


def problem(certificate: Path, key: Path, hosts: list[str]) -> str | None:
    """What a browser or the proxy would object to; None when nothing."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        server.load_cert_chain(certificate, key, password=_no_passphrase)
    except ssl.SSLError as error:
        return _told(error)
    for host in hosts:
        objection = _objection(server, certificate, host)
        if objection:
            return objection
    return None


def _no_passphrase() -> str:
    """Without this OpenSSL would ask at the terminal."""
    return ""


def _told(error: ssl.SSLError) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return "the certificate belongs to another key"
    return "the two files are no certificate and key in PEM without passphrase"


def _objection(server: ssl.SSLContext, certificate: Path, host: str) -> str | None:
    """Shake hands with ourselves: the client trusts just this certificate, and checks the rest."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(certificate)
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=host)
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    try:
        for _ in range(_MOST_ROUNDS):
            if all([_shaken(ours), _shaken(theirs)]):
                return None
    except ssl.SSLCertVerificationError as error:
        return f"for {host}: {error.verify_message}"
    except ssl.SSLError as error:
        return f"for {host}: {error.reason}"
    return f"for {host}: the handshake does not end"


def _shaken(side: ssl.SSLObject) -> bool:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True
