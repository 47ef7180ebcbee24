"""A server that runs, and the laptop beside it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from menuvo_ops.commands.process import tethered
from menuvo_ops.local.sources import Say
from menuvo_ops.machines.findings import read
from menuvo_ops.runner import run
from tests.menuvo_ops.shipping.sshd import make_key
from tests.menuvo_ops.waiting import eventually
from tests.system.servers.base import SUITE, provide_base
from tests.system.servers.certificates import make_certificate
from tests.system.servers.mirrors import forwarding, serving
from tests.system.servers.networks import listening_in
from tests.system.servers.repository import HOST, make_repository

_HERE = Path(__file__).parent
_TOOL = Path(sys.executable).parent / "menuvo"
LAPTOP, SERVER = "10.99.0.1", "10.99.0.2"
_PROXY_PORT, _TLS_PORT = 3128, 443


@dataclass(frozen=True)
class Machine:
    """`pid` is the server's first process as this machine counts, `laptop` one on the laptop."""

    root: Path
    folder: Path
    pid: int
    laptop: int

    def introduce(self) -> None:
        """Let the laptop know the server's key, as a person does who accepts it."""
        public = (self.root / "etc/ssh/ssh_host_ed25519_key.pub").read_text()
        (self.folder / "known_hosts").write_text(f"{SERVER} {public}")

    def sh(self, script: str, *, check: bool = True) -> str:
        """As root on the server, past sshd."""
        argv = ["nsenter", f"--target={self.pid}", "--all", "--", "sh", "-c", script]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, f"{script}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def given(self, text: str) -> str:
        """What a script prints that root's shell reads from its stdin, as by ssh."""
        argv = ["nsenter", f"--target={self.pid}", "--all", "--", "sh", "-s", "22"]
        done = subprocess.run(argv, input=text, capture_output=True, text=True, check=False)
        return done.stdout

    def on_laptop(self, *argv: str, env: dict[str, str] | None = None) -> "Done":
        inside = ["nsenter", f"--net=/proc/{self.laptop}/ns/net", "--", *argv]
        done = subprocess.run(
            inside,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def menuvo(
        self, verb: str, user: str, *options: str, env: dict[str, str] | None = None
    ) -> "Done":
        address = f"{user}@{SERVER}"
        return self.on_laptop(
            *(str(_TOOL), "server", verb, address, "--json", *self.ways(), *options), env=env
        )

    def ways(self) -> list[str]:
        return [
            *("--identity", str(self.folder / "identity")),
            *("--known-hosts", str(self.folder / "known_hosts")),
        ]

    def comes_in(self, user: str) -> bool:
        options = [
            *("-o", "BatchMode=yes", "-i", str(self.folder / "identity")),
            *("-o", f"UserKnownHostsFile={self.folder / 'known_hosts'}"),
        ]
        return self.on_laptop("ssh", *options, f"{user}@{SERVER}", "true").code == 0


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @classmethod
    def of_server(cls, printed: str) -> "Done":
        """As if the tool had asked."""
        found = (asdict(finding) for finding in read(printed.splitlines()))
        return cls(0, "\n".join(map(json.dumps, found)), "")

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def names(self, status: str) -> set[str]:
        return {one["name"] for one in self.findings if one["status"] == status}


@contextmanager
def running_machine(folder: Path, say: Say) -> Generator[Machine]:
    """An empty server that lets root in by key."""
    folder.mkdir(parents=True, exist_ok=True)
    root = folder / "root"
    trusted, served = make_certificate(folder, HOST)
    make_repository(folder / "docker", SUITE)
    make_key(folder / "identity")
    _unpack(provide_base(say), root)
    _furnish(root, trusted, (folder / "identity.pub").read_text())
    with ExitStack() as stack:
        laptop = stack.enter_context(_laptop())
        pid = stack.enter_context(_booted(root, folder / "start.log"))
        _connect(laptop, pid)
        stack.enter_context(forwarding(listening_in(laptop, (LAPTOP, _PROXY_PORT))))
        listener = listening_in(laptop, (LAPTOP, _TLS_PORT))
        stack.enter_context(serving(listener, folder / "docker", served))
        machine = Machine(root, folder, pid, laptop)
        machine.introduce()
        eventually(lambda: machine.comes_in("root"), within=60)
        yield machine


def _unpack(archive: Path, root: Path) -> None:
    root.mkdir()
    run(["tar", "--extract", f"--file={archive}", f"--directory={root}"], what="Unpacking a server")


def _furnish(root: Path, trusted: Path, key: str) -> None:
    """What stands around an empty server: its keys, its names, and what stands in here."""
    (root / "root/.ssh").mkdir(mode=0o700, exist_ok=True)
    (root / "root/.ssh/authorized_keys").write_text(key)
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost\n{LAPTOP} {HOST}\n")
    (root / "etc/hostname").write_text("server\n")
    (root / "etc/apt/apt.conf.d/01here").write_text(
        f'Acquire::http::Proxy "http://{LAPTOP}:{_PROXY_PORT}";\nAcquire::https::Proxy "DIRECT";\n'
    )
    certificates = root / "usr/local/share/ca-certificates"
    certificates.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(trusted, certificates / "stand-in.crt")
    for name in ("swapon", "swapoff"):
        shutil.copy(_HERE / "standins" / name, root / "usr/local/sbin" / name)
    # Tests ask over and over whether somebody may come in, which looks like guessing.
    forgiving = root / "etc/fail2ban/jail.d/here.local"
    forgiving.parent.mkdir(parents=True)
    forgiving.write_text(f"[DEFAULT]\nignoreip = {LAPTOP}\n")
    # systemd's program does not start by itself where it takes the machine for a container.
    clock = root / "etc/systemd/system/systemd-timesyncd.service.d/here.conf"
    clock.parent.mkdir(parents=True)
    clock.write_text("[Unit]\nConditionVirtualization=\n")


@contextmanager
def _laptop() -> Generator[int]:
    """A network that holds nothing but itself."""
    argv = ["unshare", "--net", "--kill-child", "--fork", "sleep", "infinity"]
    with subprocess.Popen(tethered(argv, "KILL")) as holder:
        try:
            yield _first_child(holder.pid)
        finally:
            # unshare passes over the polite ones while it waits.
            holder.kill()


@contextmanager
def _booted(root: Path, log: Path) -> Generator[int]:
    group = _group(root)
    group.mkdir()
    enter = f'echo $$ >"{group}/cgroup.procs" && exec "$@"'
    # Should we be killed, the server goes with us.
    namespaces = ("--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup")
    argv = [
        *("sh", "-c", enter, "sh", "unshare", *namespaces, "--fork", "--kill-child", "--"),
        *("sh", str(_HERE / "start.sh"), str(root)),
    ]
    with (
        log.open("wb") as output,
        subprocess.Popen(tethered(argv, "KILL"), stdout=output, stderr=output) as process,
    ):
        try:
            yield _first_child(process.pid)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            _remove_group(group)


def _group(root: Path) -> Path:
    """Of control groups' second version, wherever this machine has it."""
    tops = [Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified")]
    top = next(top for top in tops if (top / "cgroup.controllers").exists())
    return top / f"menuvo-server-{os.getpid()}-{root.stat().st_ino}"


def _remove_group(group: Path) -> None:
    def empty() -> bool:
        return "populated 0" in (group / "cgroup.events").read_text()

    eventually(empty)
    for folder in [*sorted(group.rglob("*/"), reverse=True), group]:
        if folder.is_dir():
            folder.rmdir()


def _first_child(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    eventually(lambda: children.read_text().split())
    return int(children.read_text().split()[0])


def _connect(laptop: int, server: int) -> None:
    what = "Connecting the laptop with the server"
    run(
        [
            *("ip", "link", "add", "eth0", "netns", str(laptop), "type", "veth"),
            *("peer", "name", "eth0", "netns", str(server)),
        ],
        what=what,
    )
    for pid, address in ((laptop, LAPTOP), (server, SERVER)):
        ip = ["nsenter", f"--net=/proc/{pid}/ns/net", "--", "ip"]
        run([*ip, "address", "add", f"{address}/24", "dev", "eth0"], what=what)
        for link in ("lo", "eth0"):
            run([*ip, "link", "set", link, "up"], what=what)
