"""A stand-in for Docker's repository: signed, over TLS, with packages of the same names.

What they install are scripts that answer what setup and check ask of Docker.
"""

import hashlib
import os
from pathlib import Path

from menuvo_ops.runner import run

HOST = "download.docker.com"
_STANDINS = Path(__file__).parent / "standins"
_UNIT = """\
[Unit]
Description=A stand-in for Docker
[Service]
Type=notify
NotifyAccess=all
ExecStart=/usr/bin/dockerd
ExecReload=/usr/bin/dockerd --reload
[Install]
WantedBy=multi-user.target
"""
_PROGRAMS = {"docker-ce": "dockerd", "docker-ce-cli": "docker"}
_OTHERS = ("containerd.io", "docker-buildx-plugin", "docker-compose-plugin")


def make_repository(folder: Path, suite: str) -> None:
    """Below `folder` everything lies as it does below the host's root."""
    root = folder / "linux/debian"
    pool = root / "pool"
    pool.mkdir(parents=True)
    architecture = run(["dpkg", "--print-architecture"], what="Asking dpkg").strip()
    for name in (*_PROGRAMS, *_OTHERS):
        _package(folder / "build" / name, name, pool)
    index = root / f"dists/{suite}/stable/binary-{architecture}/Packages"
    index.parent.mkdir(parents=True)
    index.write_text("\n".join(_entry(file, root) for file in sorted(pool.iterdir())))
    _sign(root, suite, architecture, index)


def _package(tree: Path, name: str, pool: Path) -> None:
    (tree / "DEBIAN").mkdir(parents=True)
    needs = "Depends: docker-ce-cli, python3\n" if name == "docker-ce" else ""
    (tree / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: 29.1.0\nArchitecture: all\n"
        f"Maintainer: tests <tests@localhost>\n{needs}Description: a stand-in for {name}\n"
    )
    if name in _PROGRAMS:
        program = tree / "usr/bin" / _PROGRAMS[name]
        program.parent.mkdir(parents=True)
        program.write_text((_STANDINS / _PROGRAMS[name]).read_text())
        program.chmod(0o755)
    if name == "docker-ce":
        unit = tree / "usr/lib/systemd/system/docker.service"
        unit.parent.mkdir(parents=True)
        unit.write_text(_UNIT)
        after = tree / "DEBIAN/postinst"
        after.write_text("#!/bin/sh\ngetent group docker >/dev/null || groupadd --system docker\n")
        after.chmod(0o755)
    argv = ["dpkg-deb", "--root-owner-group", "--build", str(tree), str(pool / f"{name}.deb")]
    run(argv, what=f"Building the stand-in for {name}")


def _entry(file: Path, root: Path) -> str:
    control = run(["dpkg-deb", "--field", str(file)], what="Reading a package")
    content = file.read_bytes()
    return (
        f"{control.strip()}\nFilename: {file.relative_to(root)}\nSize: {len(content)}\n"
        f"SHA256: {hashlib.sha256(content).hexdigest()}\n"
    )


def _sign(root: Path, suite: str, architecture: str, index: Path) -> None:
    home = root.parents[1] / "gnupg"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--passphrase", ""]
    environment = {**os.environ, "GNUPGHOME": str(home)}
    run(
        [*gpg, "--quick-generate-key", "A stand-in <tests@localhost>", "ed25519", "sign", "never"],
        what="Making a key",
        env=environment,
    )
    (root / "gpg").write_text(run([*gpg, "--armor", "--export"], what="Exporting it"))
    dist = root / f"dists/{suite}"
    content = index.read_bytes()
    line = f"{hashlib.sha256(content).hexdigest()} {len(content)} {index.relative_to(dist)}"
    (dist / "Release").write_text(
        f"Origin: Docker\nLabel: Docker CE\nSuite: {suite}\nCodename: {suite}\n"
        f"Date: Thu, 01 Jan 2026 00:00:00 UTC\nArchitectures: {architecture}\nComponents: stable\n"
        f"SHA256:\n {line}\n"
    )
    run(
        [*gpg, "--clearsign", "--output", str(dist / "InRelease"), str(dist / "Release")],
        what="Signing the repository",
    )
    run(["gpgconf", "--homedir", str(home), "--kill", "all"], what="Ending gpg's agent")
