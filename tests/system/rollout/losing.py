"""A production whose backups lie elsewhere, so that its server can be lost with all that it has."""

import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from menuvo_ops.commands import docker
from menuvo_ops.local.ports import free_port
from menuvo_ops.shipping.packing import pack
from tests.menuvo_ops.shipping.sshd import SshServer, running_sshd
from tests.system.bed.bed import Bed
from tests.system.bed.engine import Engine
from tests.system.bed.production import CHECKOUT
from tests.system.guests import Guest
from tests.system.production.stack import ANSWERS
from tests.system.rollout.archives import next_second, until_archived, until_it_has_a_base
from tests.system.rollout.backups import Contents, back_up, contents
from tests.system.rollout.deployed import PROGRAM, Deployed, deployed_production
from tests.system.rollout.hearing import listening_webhook
from tests.system.rollout.scenes import Scene, explained
from tests.system.rollout.variants import build

_S3 = "versity/versitygw:v1.8.0"
_BUCKETS = ("pictures", "files", "backups")
_SERVE = f"cd /data && mkdir -p {' '.join(_BUCKETS)} && exec versitygw --port :$0 posix /data"


@dataclass
class Loss:
    """The folder of the deployment lies in the home of a login that ssh lets in."""

    scene: Scene
    server: SshServer
    # Where whoever kept the recovery file has it.
    kept: Path
    # When the last backup was made, and when it was lost.
    backed_up: Contents = field(default_factory=dict[str, str])
    before: Contents = field(default_factory=dict[str, str])

    @property
    def production(self) -> Deployed:
        return self.scene.production

    @property
    def recovery_file(self) -> Path:
        return self.kept / "recovery.txt"

    @property
    def has_everything(self) -> bool:
        return (self.production.folder / "releases/current").exists()

    def lose(self) -> None:
        """A backup in the bucket, an order that only the archive has, a recovery file off the
        server, and then no server any more."""
        if self.has_everything:
            until_it_has_a_base(self.scene)
            self.backed_up = contents(self.scene)
            back_up(self.scene, "--no-verify")
            assert self.order()
            self.archive()
            done = self.production.menuvo("recovery", "write", str(self.recovery_file))
            assert done.exit_code == 0, explained(done)
            self.wipe()

    def archive(self) -> None:
        """Whatever is there by now."""
        self.before = contents(self.scene)
        until_archived(self.scene, next_second(self.scene))

    def order(self) -> str:
        return asyncio.run(_order(self.production))

    def wipe(self) -> None:
        self.production.project.down()
        for one in self.production.folder.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        # Its certificates come from an authority of its own.
        for name in ("authority", "authority_text"):
            vars(self.production).pop(name, None)
        # What an operator brings to a new server.
        pack(CHECKOUT, self.scene.steady.version, self.production.folder / PROGRAM)

    def changed_file(self, old: str, new: str) -> Path:
        """As somebody has mended the file, or spoilt it."""
        changed = self.kept / "changed.txt"
        text = self.recovery_file.read_text()
        assert old in text
        changed.write_text(text.replace(old, new))
        return changed

    def volumes(self) -> list[str]:
        argv = docker.volumes_of(self.production.project.project.name, "postgres-data")
        return self.scene.bed.engine.docker(argv, what="Looking for volumes").split()

    def menuvo_from_afar(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(Path(sys.executable).with_name("menuvo")), *arguments, *self.way],
            cwd=self.kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    @property
    def way(self) -> list[str]:
        way = ["--host", self.server.address, "--identity", str(self.server.identity)]
        return [*way, "--known-hosts", str(self.server.known_hosts)]


@contextmanager
def losable_production(bed: Bed, folder: Path) -> Generator[Loss]:
    steady = build(bed.engine, "good", version="lost")
    kept = folder / "kept"
    kept.mkdir()
    own = ("PATH", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_SOCKET")
    there = {**os.environ, **bed.engine.environment}
    environment = {name: there[name] for name in own if name in there}
    # The images stay: another production of the same run may stand on them.
    with (
        _bucket_elsewhere(bed.engine) as url,
        listening_webhook() as webhook,
        running_sshd(folder / "server", environment=environment) as server,
    ):
        deployment = server.home / "menuvo"
        deployment.mkdir()
        answers = {"S3_ENDPOINT": url, "BACKUP_S3_ENDPOINT": url}
        answers["ALERT_WEBHOOK_URL"] = webhook.url
        with deployed_production(bed, deployment, steady, **answers) as production:
            yield Loss(Scene(bed, production, webhook, steady), server, kept)


@contextmanager
def _bucket_elsewhere(engine: Engine) -> Generator[str]:
    """On this machine's own address, which every container reaches and no project owns."""
    name, port = f"menuvo-bucket-{secrets.token_hex(4)}", free_port()
    keys = {
        "ROOT_ACCESS_KEY": ANSWERS["S3_ACCESS_KEY_ID"],
        "ROOT_SECRET_KEY": ANSWERS["S3_SECRET_ACCESS_KEY"],
    }
    options = [f"--name={name}", "--detach", "--network=host", "--tmpfs=/data"]
    options += [f"--env={key}={value}" for key, value in keys.items()]
    argv = ["docker", "run", *options, "--entrypoint=sh", _S3, "-c", _SERVE, str(port)]
    engine.docker(argv, what="Starting a bucket")
    try:
        shown = engine.docker(["docker", "network", "inspect", "bridge"], what="Asking")
        yield f"http://{_gateway(shown)}:{port}"
    finally:
        engine.docker(docker.remove_container(name), what="Removing the bucket")


def _gateway(inspected: str) -> str:
    [network] = json.loads(inspected)
    gateways: list[dict[str, Any]] = network["IPAM"]["Config"]
    return next(one["Gateway"] for one in gateways if ":" not in one.get("Gateway", ":"))


async def _order(production: Deployed) -> str:
    menu = httpx.URL(production.base_url).join(production.demo["menu_path"])
    async with production.async_client() as client:
        return await Guest(client, str(menu)).order_patiently(60)
