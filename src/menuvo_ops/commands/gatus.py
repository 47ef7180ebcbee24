"""Gatus: all it is told stands in its environment and in the file that this names."""

from pathlib import Path


def run(program: Path) -> list[str]:
    return [str(program)]


def environment(configuration: Path, *, domain: str, edge: str) -> dict[str, str]:
    """`configuration` is a file, or a folder of which all files are merged; `edge` is where guests
    enter, by an address that may have any certificate."""
    return {
        "GATUS_CONFIG_PATH": str(configuration),
        "DOMAIN": domain,
        "EDGE_URL": edge,
        "EDGE_INSECURE": "true",
        "CERTIFICATE_LEFT": "336h",
    }
