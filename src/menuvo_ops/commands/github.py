"""GitHub's own client as argument lists. What is set is read from stdin, never an argument."""


def set_secret(name: str, *, environment: str, repository: str | None) -> list[str]:
    return ["gh", "secret", "set", name, f"--env={environment}", *_of(repository)]


def set_variable(name: str, *, repository: str | None) -> list[str]:
    return ["gh", "variable", "set", name, *_of(repository)]


def list_variables(*, repository: str | None) -> list[str]:
    """Prints JSON; a secret cannot be asked for."""
    return ["gh", "variable", "list", "--json=name,value", *_of(repository)]


def _of(repository: str | None) -> list[str]:
    return [f"--repo={repository}"] if repository else []
