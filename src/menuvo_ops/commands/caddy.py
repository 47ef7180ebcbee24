"""Caddy as argument lists."""

from pathlib import Path


def run(program: Path, caddyfile: Path) -> list[str]:
    return [str(program), "run", "--adapter", "caddyfile", "--config", str(caddyfile)]


def validate(program: Path, caddyfile: Path) -> list[str]:
    return [str(program), "validate", "--adapter", "caddyfile", "--config", str(caddyfile)]
