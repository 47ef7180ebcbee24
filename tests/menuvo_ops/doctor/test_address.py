"""How long the certificate lasts that guests are shown."""

import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from tests.menuvo_ops.doctor.test_release import deployed
from tests.menuvo_ops.environment.certs import make_certificate, make_expired

from menuvo_ops.doctor.deployed import Deployed
from menuvo_ops.doctor.production.address import certificate
from menuvo_ops.rollout.edge import Edge

DOMAIN = "menuvo.app"


@dataclass(frozen=True)
class Reached(Deployed):
    """It listens here, without a container."""

    port: int = 0

    @property
    def edge(self) -> Edge:
        return Edge(DOMAIN, self.port, "token")


@contextmanager
def showing(certificate: Path, key: Path) -> Generator[int]:
    """The port at which whoever asks is shown it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(plain, server_side=True) as one:
                    one.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(("days", "status"), [(2, "fail"), (9, "warn"), (30, "ok")])
def test_it_is_looked_at_before_it_ends(tmp_path: Path, days: int, status: str) -> None:
    deployed(tmp_path)
    with showing(*make_certificate(tmp_path, DOMAIN, days=days)) as port:
        found = certificate(Reached(tmp_path, port=port))
    assert (found.status, f"({days - 1} days)" in found.told) == (status, True)
    assert ("Caddy renews it by itself" in found.fix) is (status != "ok")


def test_one_whose_time_is_over_is_said_to_let_nobody_in(tmp_path: Path) -> None:
    deployed(tmp_path)
    with showing(*make_expired(tmp_path, DOMAIN)) as port:
        found = certificate(Reached(tmp_path, port=port))
    assert (found.status, found.told) == (
        "fail",
        "Browsers refuse menuvo.app: certificate has expired.",
    )
    assert "docker compose logs --tail 50 caddy" in found.fix


def test_one_of_the_operators_own_is_renewed_by_nobody_else(tmp_path: Path) -> None:
    deployed(tmp_path, TLS_MODE="origin")
    with showing(*make_certificate(tmp_path, DOMAIN, days=2)) as port:
        found = certificate(Reached(tmp_path, port=port))
    assert "ORIGIN_CERTIFICATE_FILE" in found.fix
    assert found.fix.endswith("menuvo deploy --version 4f2a91c0")
