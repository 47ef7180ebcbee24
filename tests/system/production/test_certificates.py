"""A certificate comes by ACME or from the operator, and is what a client gets."""

import ssl
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from menuvo_ops.local.ports import free_port
from tests.system.bed.bed import Bed
from tests.system.bed.production import CHECKOUT, reference
from tests.system.bed.project import RunningProject

pytestmark = pytest.mark.core

DOMAIN = "menuvo.test"
HOSTS = (DOMAIN, f"console.{DOMAIN}", f"monitor.{DOMAIN}", f"status.{DOMAIN}")
ROOT = "/data/caddy/pki/authorities/local/root.crt"
# An authority that speaks ACME, and the edge that asks it; each finds the other by its name.
COMPOSE = """
services:
  authority:
    image: {image}
    entrypoint: [caddy, run, --config, /authority/Caddyfile]
    volumes: ["{folder}:/authority:ro", "authority:/data"]
    healthcheck: {{ test: [CMD, test, -s, "{root}"], interval: 1s }}
    networks: {{ outside: {{ aliases: [authority.test] }} }}
  platform-a:
    image: {image}
    entrypoint: [caddy, respond, --listen, ":3000", welcome]
    networks: [outside]
  caddy:
    image: {image}
    read_only: true
    environment:
      DOMAIN: {domain}
      SITE_ADDRESS: https://{domain}
      PUBLIC_URL: https://{domain}
      TLS_MODE: {mode}
      TRUSTED_PROXIES: {proxies}
      ACME_EMAIL: operator@example.org
      ACME_CA: https://authority.test/acme/local/directory
      CADDY_ADMIN: localhost:2019
      SSL_CERT_FILE: /run/tls/authority.crt
    ports: ["127.0.0.1:{port}:443"]
    volumes: ["{infra}:/etc/caddy:ro", "{folder}:/run/tls:ro", "edge:/data"]
    tmpfs: ["/config:mode=1777", "/tmp:mode=1777"]
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:2019/config/"]
      interval: 1s
    networks: {{ outside: {{ aliases: {hosts} }} }}
networks:
  outside: {{ enable_ipv6: true }}
volumes:
  authority:
  edge:
"""
AUTHORITY = """{
	admin off
	skip_install_trust
}
https://authority.test {
	tls internal
	acme_server
}
"""


@contextmanager
def edge(
    bed: Bed, folder: Path, mode: str, *, proxies: str = "none"
) -> Generator[tuple[RunningProject, int]]:
    port = free_port()
    # It is mounted, and a container's user must be able to enter.
    folder.chmod(0o755)
    (folder / "Caddyfile").write_text(AUTHORITY)
    (folder / "authority.crt").touch()
    (folder / "compose.yml").write_text(
        COMPOSE.format(
            image=reference("caddy"),
            folder=folder,
            infra=CHECKOUT / "infra/caddy",
            root=ROOT,
            domain=DOMAIN,
            hosts=list(HOSTS),
            mode=mode,
            proxies=proxies,
            port=port,
        )
    )
    with bed.project(folder / "compose.yml") as project:
        yield project, port


def ask(
    port: int,
    host: str,
    authority: str,
    *,
    method: str = "GET",
    path: str = "/",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Checks the certificate against this authority, as a browser checks it against its own."""
    context = ssl.create_default_context(cadata=authority)
    with httpx.Client(verify=context, timeout=20) as client:
        return client.request(
            method,
            f"https://127.0.0.1:{port}{path}",
            headers={"Host": host, **(headers or {})},
            extensions={"sni_hostname": host},
        )


def test_acme_brings_a_certificate_for_every_host(bed: Bed, tmp_path: Path) -> None:
    with edge(bed, tmp_path, "acme") as (project, port):
        project.up("authority")
        root = project.execute("authority", "cat", ROOT)
        (tmp_path / "authority.crt").write_text(root)
        project.up("caddy")
        for host in HOSTS:
            answer = until_answered(port, host, root)
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def until_answered(port: int, host: str, authority: str) -> httpx.Response:
    """A certificate is asked for when Caddy has started, and takes a moment."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return ask(port, host, authority)
        except httpx.ConnectError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_an_origin_certificate_is_served_as_it_was_brought(bed: Bed, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    with edge(bed, tmp_path, "origin") as (project, port):
        project.up("caddy")
        for host in HOSTS:
            answer = ask(port, host, certificate)
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_only_cloudflare_is_believed_about_a_guests_address(bed: Bed, tmp_path: Path) -> None:
    if not bed.has_rate_limits:
        pytest.skip("Caddy could not be built with its module here")
    certificate = self_signed(tmp_path)
    with edge(bed, tmp_path, "origin", proxies="cloudflare") as (project, port):
        project.up("platform-a", "caddy")
        statuses = [
            ask(
                port,
                DOMAIN,
                certificate,
                method="POST",
                path="/console/login",
                headers={"Cf-Connecting-Ip": f"203.0.113.{number}"},
            ).status_code
            for number in range(21)
        ]
    assert statuses == [200] * 20 + [429]


def self_signed(folder: Path) -> str:
    names = ",".join(f"DNS:{host}" for host in HOSTS)
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    argv += ["-keyout", str(folder / "origin.key"), "-out", str(folder / "origin.pem")]
    argv += ["-subj", f"/CN={DOMAIN}", "-addext", f"subjectAltName={names}"]
    subprocess.run(argv, check=True, capture_output=True)
    (folder / "origin.key").chmod(0o644)
    return (folder / "origin.pem").read_text()
