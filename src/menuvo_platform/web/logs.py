"""Logs: one JSON object a line on stdout, with request, release and instance; text for people."""

import logging
import sys

import structlog
from structlog.typing import Processor

from menuvo_platform.settings import Settings


def configure_logs(settings: Settings) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=_last_steps(settings.log_format)
        )
    )
    root = logging.getLogger()
    root.handlers = [handler, *_collectors(settings)]
    root.setLevel(logging.INFO)
    structlog.contextvars.bind_contextvars(release=settings.release, instance=settings.instance)


def _collectors(settings: Settings) -> list[logging.Handler]:
    if not settings.sentry_dsn:
        return []
    from menuvo_platform.adapters.sentry import Collector

    collector = Collector(
        settings.sentry_dsn,
        release=settings.release,
        environment="production" if settings.cookies_secure else "local",
        instance=settings.instance,
    )
    return [collector]


def _last_steps(log_format: str) -> list[Processor]:
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "text":
        plain = structlog.dev.plain_traceback  # the other one prints local variables, so secrets
        return [remove, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    return [remove, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
