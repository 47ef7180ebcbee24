"""What another machine must have before a release can be run on it, asked in one question."""

from dataclasses import dataclass

from menuvo_ops.errors import ServerUnfit

OLDEST_PYTHON = (3, 10)
_MARK = "menuvo:"

# A login may print a greeting, so every answer carries a mark.
QUESTION = f"""\
tell() {{ printf '{_MARK}%s=%s\\n' "$1" "$(printf %s "$2" | tr '\\n' ' ')"; }}
tell system "$(uname -s)"
tell machine "$(uname -m)"
tell user "$(id -un 2>/dev/null || id -u)"
command -v python3 >/dev/null 2>&1 &&
    tell python "$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>&1)"
if command -v docker >/dev/null 2>&1; then
    if said=$(docker version --format '{{{{.Server.Version}}}}' 2>&1)
    then tell docker "$said"; else tell refusal "$said"; fi
fi
tell end yes
"""


@dataclass(frozen=True)
class Machine:
    """`architecture` is what `uname -m` says."""

    architecture: str
    python: str
    docker: str


def judge(address: str, printed: str) -> Machine:
    """Raises ServerUnfit with everything that is missing, not only the first."""
    answers: dict[str, str] = {}
    for line in printed.splitlines():
        if line.startswith(_MARK):
            name, _, answer = line.removeprefix(_MARK).partition("=")
            answers[name] = answer
    if "end" not in answers:
        raise ServerUnfit(
            f"{address} did not run what was asked of it.",
            hint="The login needs a shell: no forced command, no shell like nologin.",
        )
    problems = [*_system(answers), *_python(answers), *_docker(answers)]
    if problems:
        raise ServerUnfit(
            f"{address} is not ready: {' '.join(sentence for sentence, _ in problems)}",
            hint="\n".join(advice for _, advice in problems),
        )
    return Machine(answers["machine"], answers["python"], answers["docker"])


def _system(answers: dict[str, str]) -> list[tuple[str, str]]:
    system = answers.get("system", "")
    if system == "Linux":
        return []
    return [(f"its system is {system}, not Linux.", "Menuvo runs on a Linux server.")]


def _python(answers: dict[str, str]) -> list[tuple[str, str]]:
    found = answers.get("python")
    needed = ".".join(map(str, OLDEST_PYTHON))
    if found is None:
        advice = "Install Python on the server (Debian: sudo apt-get install python3)."
        return [("there is no python3.", advice)]
    if _numbers(found) >= OLDEST_PYTHON:
        return []
    return [
        (
            f"its python3 is {found}, and {needed} or newer is needed.",
            f"Debian 12 and Ubuntu 22.04 have Python {needed} or newer: upgrade the server.",
        )
    ]


def _docker(answers: dict[str, str]) -> list[tuple[str, str]]:
    if "docker" in answers:
        return []
    refusal = answers.get("refusal")
    user = answers.get("user", "the user")
    if refusal is None:
        return [("there is no docker.", "Install Docker: https://docs.docker.com/engine/install/")]
    if "permission denied" in refusal.lower():
        return [
            (
                f"{user} may not use Docker.",
                f"On the server: sudo usermod --append --groups docker {user}",
            )
        ]
    return [
        (
            "its Docker does not answer.",
            f"{refusal.strip()}\nOn the server: sudo systemctl start docker",
        )
    ]


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.strip().split(".")
    return tuple(int(part) for part in parts) if all(map(str.isdecimal, parts)) else ()
