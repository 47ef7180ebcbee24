"""A service is another one when anything that it is made of is, and only then."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from menuvo_ops.rollout.fingerprints import Contents, Fingerprints, fingerprints


@dataclass
class Deployment:
    """A folder, a release of it and what Compose says of both."""

    folder: Path
    images: dict[str, str] = field(default_factory=lambda: {"caddy:1": "sha256:c"})
    secrets: dict[str, bytes] = field(
        default_factory=lambda: {"password": b"one", "tls/key.pem": b"key"}
    )
    values: dict[str, str] = field(default_factory=dict[str, str])
    config: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def release(self) -> Path:
        return self.folder / "releases/2"

    def provide(self) -> None:
        for name in ("caddy/Caddyfile", "gatus/gatus.yaml", "redis/redis.conf"):
            (self.release / name).parent.mkdir(parents=True, exist_ok=True)
            (self.release / name).write_text("one")
        self.config = {
            "services": {
                "caddy": {
                    "image": "caddy:1",
                    "volumes": [
                        self._bind("caddy", "/etc/caddy"),
                        self._bind("secrets/tls", "/run/tls"),
                        self._bind("secrets/password", "/run/password"),
                    ],
                },
                "gatus": {
                    "image": "gatus:1",
                    "mem_limit": "64m",
                    "volumes": [self._bind("gatus", "/config")],
                },
                "redis": {
                    "image": "redis:8",
                    "depends_on": {"gatus": {}},
                    "volumes": [
                        self._bind("redis", "/etc/redis"),
                        {"type": "volume", "source": "data", "target": "/data"},
                        {"type": "bind", "source": "/etc/localtime", "target": "/etc/localtime"},
                    ],
                    "secrets": [{"source": "password"}],
                },
            },
            "networks": {"edge": {}},
            "volumes": {"data": {}},
            "secrets": {"password": {"file": str(self.folder / "secrets/password")}},
        }

    def _bind(self, name: str, target: str) -> dict[str, str]:
        return {"type": "bind", "source": str(self.folder / name), "target": target}

    def taken(self) -> Fingerprints:
        contents = Contents(self.folder, self.release, self.secrets, self.values)
        return fingerprints(json.dumps(self.config), contents, self.images.get)


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    found = Deployment(tmp_path)
    found.provide()
    return found


def _caddyfile(there: Deployment) -> None:
    (there.release / "caddy/Caddyfile").write_text("two")


def _new_caddy_file(there: Deployment) -> None:
    (there.release / "caddy/limits.caddy").write_text("one")


def _certificate(there: Deployment) -> None:
    there.secrets["tls/key.pem"] = b"another"


def _gatus_file(there: Deployment) -> None:
    (there.release / "gatus/gatus.yaml").write_text("two")


def _renamed_file(there: Deployment) -> None:
    (there.release / "gatus/gatus.yaml").rename(there.release / "gatus/other.yaml")


def _limit(there: Deployment) -> None:
    there.config["services"]["gatus"]["mem_limit"] = "65m"


def _image(there: Deployment) -> None:
    there.images["caddy:1"] = "sha256:d"


def _unknown_image(there: Deployment) -> None:
    there.config["services"]["gatus"]["image"] = "gatus:2"


def _password(there: Deployment) -> None:
    there.secrets["password"] = b"two"


def _value(there: Deployment) -> None:
    there.values["ALERT_WEBHOOK_URL"] = "https://example.org"


def _network(there: Deployment) -> None:
    there.config["networks"]["edge"] = {"internal": True}


def _volume(there: Deployment) -> None:
    there.config["volumes"]["more"] = {}


def _nothing(there: Deployment) -> None:
    (there.release / "logs").mkdir()
    there.config["services"]["redis"]["depends_on"] = {}
    there.config["services"]["gatus"]["profiles"] = ["tasks"]
    there.config["secrets"]["unused"] = {"file": "/elsewhere"}


@pytest.mark.parametrize(
    ("change", "services", "others"),
    [
        (_caddyfile, set[str](), {"edge"}),
        (_new_caddy_file, set[str](), {"edge"}),
        (_certificate, set[str](), {"edge"}),
        (_gatus_file, {"gatus"}, set[str]()),
        (_renamed_file, {"gatus"}, set[str]()),
        (_limit, {"gatus"}, set[str]()),
        (_value, set[str](), {"environment"}),
        (_image, {"caddy"}, set[str]()),
        (_unknown_image, {"gatus"}, set[str]()),
        (_password, {"caddy", "redis"}, set[str]()),
        (_network, set[str](), {"ground"}),
        (_volume, set[str](), {"ground"}),
        (_nothing, set[str](), set[str]()),
    ],
)
def test_a_change_concerns_those_who_are_made_of_it(
    deployment: Deployment,
    change: Callable[[Deployment], None],
    services: set[str],
    others: set[str],
) -> None:
    before = deployment.taken()
    change(deployment)
    after = deployment.taken()
    assert {name for name in after.services if after.services[name] != before.services[name]} == (
        services
    )
    assert {
        name
        for name in ("edge", "ground", "environment")
        if getattr(after, name) != getattr(before, name)
    } == (others)


def test_postgres_does_not_read_its_first_password_again(deployment: Deployment) -> None:
    secret = {"source": "db_password"}
    deployment.config["secrets"]["db_password"] = {
        "file": str(deployment.folder / "secrets/db_password")
    }
    for name in ("postgres", "another"):
        deployment.config["services"][name] = {"image": "postgres:18", "secrets": [secret]}
    deployment.secrets["db_password"] = b"one"
    before = deployment.taken().services
    deployment.secrets["db_password"] = b"two"
    after = deployment.taken().services
    assert after["postgres"] == before["postgres"]
    assert after["another"] != before["another"]
