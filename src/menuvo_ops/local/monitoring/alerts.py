"""A task of `menuvo up`: gives Beszel's hub the thresholds that a deploy gives production's.

Its arguments are the hub's port and the file that holds its password.
"""

import http.client
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.errors import OpsError, ServiceFailed
from menuvo_ops.local.monitoring.services import EMAIL
from menuvo_ops.monitoring.hub import Ask, log_in
from menuvo_ops.monitoring.provisioning import provision
from menuvo_ops.monitoring.wanted import wanted

_SECONDS = 10


def main(arguments: Sequence[str]) -> int:
    port, password = int(arguments[0]), Path(arguments[1]).read_text()
    try:
        # Nobody is called from a demonstration, so no channel is set.
        mended = provision(log_in(way_to(port), EMAIL, Redacted(password)), wanted({}))
    except OpsError as error:
        sys.stderr.write(f"{error.message}\n")
        return error.exit_code
    sys.stdout.writelines(f"{line}\n" for line in mended)
    return 0


def way_to(port: int) -> Ask:
    """Raises ServiceFailed when nobody answers there."""

    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise ServiceFailed(f"Beszel does not answer: {error}") from error
        finally:
            connection.close()

    return ask


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
