"""Beszel's hub and agent. What is secret stands in their environment and in no argument."""

from pathlib import Path


def hub(program: Path, data: Path, *, port: int) -> list[str]:
    return [str(program), "serve", f"--dir={data}", f"--http=127.0.0.1:{port}"]


def hub_environment(address: str, *, email: str, password: str) -> dict[str, str]:
    """`email` and `password` are of the first account; it keeps those of its first start."""
    return {
        "APP_URL": address,
        "USER_EMAIL": email,
        "USER_PASSWORD": password,
        "CONTAINER_DETAILS": "false",
    }


def agent(program: Path) -> list[str]:
    return [str(program)]


def agent_environment(data: Path, *, public_key: Path, socket: str) -> dict[str, str]:
    """Without Docker, of which what is looked at here uses nothing."""
    return {
        "LISTEN": socket,
        "KEY_FILE": str(public_key),
        "DATA_DIR": str(data),
        "DOCKER_HOST": "",
    }
