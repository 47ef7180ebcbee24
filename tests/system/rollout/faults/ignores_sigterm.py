"""It goes on as if nobody had asked it to stop, until it is killed."""

from tests.system.rollout.faults.hooks import is_serving

if is_serving():
    from menuvo_platform.web.server import DrainingServer

    def go_on(*_: object) -> None:
        pass

    setattr(DrainingServer, "handle_exit", go_on)  # noqa: B010
