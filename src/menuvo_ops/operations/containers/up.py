"""`menuvo up --engine compose`: production on this machine, or what is wrong and what to do."""

import signal

from menuvo_ops.commands import compose
from menuvo_ops.containers.client import Client
from menuvo_ops.containers.local import LocalProduction
from menuvo_ops.containers.preparation import prepare
from menuvo_ops.environment.writing import write
from menuvo_ops.errors import OpsError
from menuvo_ops.local.ports import PortClaims
from menuvo_ops.local.preparation import Options
from menuvo_ops.operations.containers.down import down
from menuvo_ops.operations.summary import print_summary
from menuvo_ops.terminal import talk

_FOUNDATION = ("postgres", "redis", "s3")
_SECONDS = 300


def up(production: LocalProduction, options: Options, *, detach: bool) -> None:
    """Return when detached or when everything has stopped again."""
    with PortClaims() as claims:
        client = _start(production, options, claims)
    print_summary(production.demo, client.base_url)
    talk.print("\nYour browser will warn: the certificate is from an authority of this run's own.")
    if detach:
        talk.print("It goes on running. Stop it with: ./menuvo down")
        return
    talk.print("Ctrl-C stops it.")
    _wait_for_a_signal()
    down(client)


def _start(production: LocalProduction, options: Options, claims: PortClaims) -> Client:
    """What this start has begun ends with it when it fails; what ran before goes on."""
    ran_before = production.runs
    with talk.status("Preparing"):
        run = prepare(production, options, claims, say=talk.print)
    client = Client(production, run)
    # From here on there is something to stop.
    production.remember(run)
    try:
        _bring_up(client)
    except (OpsError, KeyboardInterrupt):
        if not ran_before:
            down(client)
        raise
    return client


def _bring_up(client: Client) -> None:
    with talk.status("Pulling images that are missing"):
        client.compose(compose.pull_missing(client.project), what="Pulling images")
    with talk.status("Starting the database, the queue and the buckets"):
        client.start(_FOUNDATION, seconds=_SECONDS)
    with talk.status("Bringing the database to this release's schema"):
        client.run("migrate")
    with talk.status("Making the demo restaurant"):
        write(client.production.demo, client.run("seed").encode(), mode=0o600)
    with talk.status("Starting everything"):
        client.start(seconds=_SECONDS)
    for container in client.containers():
        talk.print(f"[green]{container.service:<15}[/] {container.word}")


def _wait_for_a_signal() -> None:
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        signal.sigwait(signals)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
