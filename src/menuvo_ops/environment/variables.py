"""Every name of a production's environment: what it is for, and what a right value looks like.

The annotated example, the reference, `env init`, `env check` and `env show` are all made of this.
"""

from menuvo_ops.environment import generation
from menuvo_ops.environment.backups import BACKUPS
from menuvo_ops.environment.needs import NEVER, together_with, when
from menuvo_ops.environment.shapes import (
    BUCKET,
    ENDPOINT,
    HEADER,
    KEY,
    LINE,
    R2,
    REGION,
    URL,
    generated,
)
from menuvo_ops.environment.variable import Group, Variable

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s.]+"
_HOST = r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ANY_URL = r"https?://[^\s/?#]+\S*"

# Of PostgreSQL, for platform and workers. One at a time is in use.
LOGINS = ("menuvo_app", "menuvo_app_b")

# Its image has no shell to read the file with; `docker cp` writes an archive.
_OLDER_HUB = (
    "BESZEL_AGENT_KEY is that of an older hub, so take over its other half, with the name of its"
    " container: docker cp CONTAINER:/beszel_data/id_ed25519 - | tar -xOf - |"
    """ awk 'BEGIN {printf "BESZEL_HUB_KEY=\\""} {printf "%s\\\\n", $0} END {print "\\""}' |"""
    " menuvo env init --from /dev/stdin (or empty BESZEL_AGENT_KEY, and `menuvo env init` makes a"
    " new pair for hub and agent)"
)

_SITE = (
    Variable(
        "DOMAIN",
        "The domain of the shop; `console.`, `monitor.` and `status.` are put before it.",
        "menuvo.app, in lower case, without https://",
        _HOST,
    ),
    Variable(
        "TLS_MODE",
        "Where certificates come from: `acme` (Let's Encrypt), `origin` (files, behind Cloudflare)"
        " or `internal` (Caddy's own authority, for tries on one machine).",
        "acme, origin or internal",
        "acme|origin|internal",
        default="acme",
    ),
    Variable(
        "ACME_EMAIL",
        "Where the certificate authority writes to when something is wrong.",
        "operator@example.org",
        _EMAIL,
        when("TLS_MODE", "acme"),
    ),
    Variable(
        "ORIGIN_CERTIFICATE_FILE",
        "The origin certificate, as a path on the server.",
        "/etc/menuvo/origin.pem, an absolute path",
        r"/.+",
        when("TLS_MODE", "origin"),
    ),
    Variable(
        "ORIGIN_KEY_FILE",
        "The private key of the origin certificate, as a path on the server.",
        "/etc/menuvo/origin.key, an absolute path",
        r"/.+",
        when("TLS_MODE", "origin"),
    ),
    Variable(
        "TRUSTED_PROXIES",
        "Whose word about a guest's address counts: `none`, or `cloudflare` behind its proxy.",
        "none or cloudflare",
        "none|cloudflare",
        default="none",
    ),
    Variable(
        "TIME_ZONE",
        "The zone in which schedules are meant.",
        "Europe/Berlin",
        r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*",
        default="Europe/Berlin",
    ),
)

_RELEASE = (
    Variable(
        "VERSION",
        "The release that runs: the tag of its image. A deploy writes it.",
        "4f2a91c0, a commit or another tag; the first deploy writes it",
        r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}",
        is_ours=True,
    ),
    Variable(
        "PLATFORM_IMAGE",
        "The image, where it is not `ghcr.io/mwesox/menuvo-platform`. It may have a tag, which a"
        " deploy replaces by the one of its release. `menuvo-caddy` and `menuvo-backup` lie beside"
        " it.",
        "registry.example.org/team/menuvo-platform",
        r"[a-z0-9][A-Za-z0-9_./:@-]*",
        NEVER,
        is_ours=True,
    ),
    *(
        Variable(
            f"{name}_IMAGE",
            f"The image of the {what}, written by a deploy. One of another repository than"
            " beside the platform's is left as it is.",
            f"registry.example.org/menuvo-{name.lower()}:0123456789ab",
            r"[a-z0-9][A-Za-z0-9_./:@-]*",
            NEVER,
            is_ours=True,
        )
        for name, what in (("CADDY", "edge"), ("BACKUP", "backup service"))
    ),
)


_PASSWORDS = (
    generated(
        "DB_PASSWORD",
        "Password of the role menuvo, which owns the database.",
        file="db_password",
    ),
    generated(
        "APP_DB_PASSWORD",
        "Password of the login as which platform and workers connect.",
        file="app_db_password",
    ),
    Variable(
        "APP_DB_USER",
        "That login. A new `APP_DB_PASSWORD` is given to the other one of the two, so that both"
        " passwords are good while containers are replaced; a deploy writes it.",
        "menuvo_app or menuvo_app_b",
        "|".join(LOGINS),
        default=LOGINS[0],
        is_ours=True,
    ),
    generated("REDIS_PASSWORD", "Password of Redis.", file="redis_password"),
    generated(
        "AUTH_SECRET",
        "Signs form tokens. `menuvo env rotate` changes it without ending a form that is open.",
        file="auth_secret",
        shortest=32,
    ),
    *(
        Variable(
            f"AUTH_SECRET_{name}",
            f"{what} Written by `menuvo env rotate`.",
            "at least 32 random characters",
            LINE,
            NEVER,
            secret=True,
            shortest=32,
            goes_with="AUTH_SECRET",
            is_ours=True,
        )
        for name, what in (
            ("NEXT", "Is going to sign, and is believed already."),
            ("PREVIOUS", "Has signed before, and is believed still."),
        )
    ),
    generated(
        "PROBE_TOKEN",
        "Proves to the edge and the platform that a request is the probe of a deploy.",
        file="probe_token",
        shortest=32,
        pattern=HEADER,
    ),
)

_STORAGE = (
    Variable(
        "S3_ENDPOINT",
        "The object storage, S3 or R2.",
        f"{R2}, a URL without the bucket",
        ENDPOINT,
    ),
    Variable(
        "S3_REGION", "Its region; `auto` for R2.", "auto or eu-central-1", REGION, default="auto"
    ),
    Variable(
        "S3_ACCESS_KEY_ID",
        "The key for both buckets.",
        "the key's id, without spaces",
        KEY,
        secret=True,
        file="s3_access_key_id",
        goes_with="S3_SECRET_ACCESS_KEY",
    ),
    Variable(
        "S3_SECRET_ACCESS_KEY",
        "The secret half of that key.",
        "the key's secret, without spaces",
        KEY,
        secret=True,
        file="s3_secret_access_key",
    ),
    Variable("S3_BUCKET", "The bucket of pictures, which guests may read.", "menuvo", BUCKET),
    Variable("S3_FILES_BUCKET", "The private bucket of files.", "menuvo-files", BUCKET),
    Variable(
        "S3_PUBLIC_URL",
        "Where guests' browsers read pictures; left empty, the platform serves them.",
        "https://images.menuvo.app",
        URL,
        NEVER,
    ),
)

_PAYMENTS = (
    Variable(
        "STRIPE_SECRET_KEY",
        "Online payment. Without it guests pay at the counter.",
        "sk_live_... or rk_live_... (test instead of live for tries)",
        r"(?:sk|rk)_(?:live|test)_\w+",
        together_with("STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"),
        secret=True,
        file="stripe_secret_key",
    ),
    Variable(
        "STRIPE_PUBLISHABLE_KEY",
        "The key that browsers see.",
        "pk_live_... (test instead of live for tries)",
        r"pk_(?:live|test)_\w+",
        together_with("STRIPE_SECRET_KEY"),
        aliases=("VITE_STRIPE_PUBLISHABLE_KEY",),
    ),
    Variable(
        "STRIPE_WEBHOOK_SECRET",
        "Proves that an event is from Stripe.",
        "whsec_...",
        r"whsec_\S+",
        together_with("STRIPE_SECRET_KEY"),
        secret=True,
        file="stripe_webhook_secret",
    ),
    Variable(
        "STRIPE_WEBHOOK_SECRET_THIN",
        "The same for thin events.",
        "whsec_...",
        r"whsec_\S+",
        NEVER,
        secret=True,
        file="stripe_webhook_secret_thin",
    ),
)

_SERVICES = (
    Variable(
        "OPENROUTER_API_KEY",
        "The language model that reads menus. Without it menus come as CSV.",
        "sk-or-...",
        r"sk-or-\S+",
        NEVER,
        secret=True,
        file="openrouter_api_key",
    ),
    Variable(
        "SENTRY_DSN",
        "Where errors are collected.",
        "https://KEY@o1.ingest.sentry.io/2",
        r"https?://[^\s/@]+@[^\s/]+/\S*\d",
        NEVER,
        secret=True,
        file="sentry_dsn",
        aliases=("VITE_SENTRY_DSN",),
    ),
    Variable(
        "SENTRY_AUTH_TOKEN",
        "Registers a release at Sentry; only the workflow reads it.",
        "the token, without spaces",
        KEY,
        NEVER,
        secret=True,
    ),
)

_MONITORING = (
    Variable(
        "BESZEL_AGENT_KEY",
        "The public key of the hub, by which the agent knows it.",
        "ssh-ed25519 AAAA...",
        r"ssh-(?:ed25519|rsa) [A-Za-z0-9+/]{40,}={0,2}(?: .*)?",
        file="beszel_agent_key",
        goes_with="BESZEL_HUB_KEY",
    ),
    Variable(
        "BESZEL_HUB_KEY",
        "The private half, with which the hub reaches the agent.",
        "a private key in OpenSSH's format without passphrase, its lines joined by \\n",
        r"(?s:-----BEGIN OPENSSH PRIVATE KEY-----\n.+\n-----END OPENSSH PRIVATE KEY-----\n?)",
        # Alone, the public half belongs to an older hub. Without this one, an empty file would be
        # mounted over the key in that hub's volume, and the hub would not start.
        together_with("BESZEL_AGENT_KEY"),
        secret=True,
        file="beszel_hub_key",
        obtain=_OLDER_HUB,
    ),
    Variable(
        "BESZEL_USER_EMAIL",
        "Who logs in at `monitor.`.",
        "operator@example.org",
        _EMAIL,
        make=generation.dashboard_user,
    ),
    generated("BESZEL_USER_PASSWORD", "The password for it."),
)

_ALERTS = (
    Variable(
        "GATUS_TELEGRAM_TOKEN",
        "The bot that sends alerts.",
        "123456789:AA..., as BotFather gave it",
        r"\d{6,}:[A-Za-z0-9_-]{30,}",
        together_with("GATUS_TELEGRAM_CHAT_ID"),
        secret=True,
    ),
    Variable(
        "GATUS_TELEGRAM_CHAT_ID",
        "The chat that receives them.",
        "-1001234567890 or @channel",
        r"-?\d+|@\w{5,}",
        together_with("GATUS_TELEGRAM_TOKEN"),
    ),
    Variable(
        "ALERT_WEBHOOK_URL",
        "A second channel: receives JSON with `text`, as Slack, Mattermost and others take it.",
        "https://hooks.example.org/T000/B000/XXXX",
        _ANY_URL,
        NEVER,
        secret=True,
    ),
    Variable(
        "DEADMAN_URL",
        "Is asked every minute while all is well; who runs it tells you when that stops.",
        "https://hc-ping.com/UUID",
        _ANY_URL,
        NEVER,
        secret=True,
    ),
)

GROUPS = (
    Group("Site", _SITE),
    Group("Release", _RELEASE),
    Group("Passwords", _PASSWORDS),
    Group("Object storage", _STORAGE),
    Group("Payments", _PAYMENTS),
    Group("Other services", _SERVICES),
    Group("Monitoring", _MONITORING),
    Group("Alerts", _ALERTS),
    Group("Backups", BACKUPS),
)
VARIABLES = {variable.name: variable for group in GROUPS for variable in group.variables}
ALIASES = {alias: variable.name for variable in VARIABLES.values() for alias in variable.aliases}
