"""Everything that must be true before the first container starts."""

from collections.abc import Mapping

from menuvo_ops.containers.engine import require_engine
from menuvo_ops.containers.images import provide_images
from menuvo_ops.containers.local import DOMAIN, LocalProduction, Run
from menuvo_ops.containers.room import require_room
from menuvo_ops.environment import Environment
from menuvo_ops.environment.generation import password
from menuvo_ops.environment.making import make
from menuvo_ops.errors import PortTaken
from menuvo_ops.local.ports import PortClaims, choose_ports, remember_ports, remembered_ports
from menuvo_ops.local.preparation import Options
from menuvo_ops.local.release import release_name
from menuvo_ops.local.sources import Say

_PREFERRED_PORTS = {"http": 80, "https": 443}
_HTTPS = 443
# The account that a laptop has not: a server of buckets among the containers takes its place.
_STORAGE = {
    "S3_ENDPOINT": "http://s3:7070",
    "S3_REGION": "us-east-1",
    "S3_BUCKET": "menuvo-pictures",
    "S3_FILES_BUCKET": "menuvo-files",
    "BACKUP_S3_ENDPOINT": "http://s3:7070",
    "BACKUP_S3_REGION": "us-east-1",
    "BACKUP_S3_BUCKET": "menuvo-backups",
}


def prepare(production: LocalProduction, options: Options, claims: PortClaims, *, say: Say) -> Run:
    """Raises what is wrong before anything has started; `claims` must live until all listens."""
    require_engine()
    require_room()
    ports = _ports(production, options, claims, say=say)
    release = release_name(production.clone.root)
    environment = _provide_environment(production)
    return Run(
        base_url=address(ports["https"]),
        release=release,
        variables={
            # What a shell has set for another program must not win.
            **environment.for_compose(),
            **_published(ports, options),
            **provide_images(production.clone.root, release, say),
            "PUBLIC_URL": address(ports["https"]),
            "VERSION": release,
            "SECRETS_DIR": str(production.deployment.secrets),
            "STATE_DIR": str(production.deployment.directory / "state"),
        },
    )


def address(https_port: int) -> str:
    return f"https://{DOMAIN}" if https_port == _HTTPS else f"https://{DOMAIN}:{https_port}"


def _provide_environment(production: LocalProduction) -> Environment:
    """Made once: the passwords are those of the volumes, and stay."""
    production.deployment.directory.mkdir(parents=True, exist_ok=True)
    key, secret = password({}), password({})
    accounts = {
        "S3_ACCESS_KEY_ID": key,
        "S3_SECRET_ACCESS_KEY": secret,
        "BACKUP_S3_ACCESS_KEY_ID": key,
        "BACKUP_S3_SECRET_ACCESS_KEY": secret,
    }
    wanted = {
        **_STORAGE,
        **accounts,
        "DOMAIN": DOMAIN,
        "TLS_MODE": "internal",
        "VERSION": "local",
        "BESZEL_USER_EMAIL": "operator@example.org",
    }
    return make(production.deployment, wanted)


def _ports(
    production: LocalProduction, options: Options, claims: PortClaims, *, say: Say
) -> Mapping[str, int]:
    if production.runs:
        # They are taken, by ourselves.
        return remembered_ports(production.ports)
    if options.port is not None:
        if not claims.take(options.port):
            raise PortTaken(
                f"Port {options.port} is taken by another program.",
                hint="Name another one with --port, or leave it out and a free one is chosen.",
            )
        remembered = remembered_ports(production.ports)
        remember_ports(production.ports, remembered | {"https": options.port})
    ports, moved = choose_ports(production.ports, _PREFERRED_PORTS, claims)
    for move in moved:
        say(f"Port {move.taken} is taken: {move.service} uses {move.chosen} from now on")
    return ports


def _published(ports: Mapping[str, int], options: Options) -> dict[str, str]:
    bind = "0.0.0.0" if options.lan else "127.0.0.1"  # noqa: S104
    return {
        "HTTP_PORT": f"{bind}:{ports['http']}",
        "HTTPS_PORT": f"{bind}:{ports['https']}",
    }
