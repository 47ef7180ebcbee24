"""The new release, started beside the others where no guest reaches it."""

import json
from typing import cast

from menuvo_ops.commands import docker
from menuvo_ops.errors import CommandFailed, ServiceFailed
from menuvo_ops.rollout.database import ask
from menuvo_ops.rollout.steps.step import Step

_SERVICE = "canary"
_HEALTHY = ["menuvo-platform", "healthy", "instance", "--port", "3000"]
# A store that people really visit.
_SOME_STORE = "SELECT slug FROM stores ORDER BY id LIMIT 1"
_ASK = """
import http.client, json, sys
domain, *paths = sys.argv[1:]
answers = {}
for path in paths:
    connection = http.client.HTTPConnection("127.0.0.1", 3000, timeout=15)
    connection.request("GET", path, headers={"Host": domain, "X-Forwarded-Proto": "https"})
    answers[path] = connection.getresponse().status
    connection.close()
print(json.dumps(answers))
"""


class Canary(Step):
    can_undo: bool = True

    @property
    def sentence(self) -> str:
        return f"Try {self.scene.target.version} apart, where nobody is sent to"

    def do(self) -> None:
        scene = self.scene
        project = scene.project(scene.target, apart=True)
        try:
            scene.stack.start(
                project,
                [_SERVICE],
                seconds=scene.options.patience_seconds,
                interruption=scene.interruption,
            )
            container = scene.container(_SERVICE)
            for _ in range(2):
                scene.stack.execute(container, _HEALTHY)
            self._ask_pages()
        finally:
            self._remove()

    def undo(self) -> None:
        self._remove()

    def _ask_pages(self) -> None:
        scene = self.scene
        slug = ask(scene.stack, scene.container("postgres"), _SOME_STORE)
        paths = ["/", "/console/login", *([f"/{slug}"] if slug else [])]
        argv = ["python3", "-c", _ASK, scene.domain, *paths]
        try:
            printed = scene.stack.execute(scene.container(_SERVICE), argv, seconds=60)
        except CommandFailed as failure:
            raise ServiceFailed("The new release does not answer.", hint=failure.hint) from failure
        answers = cast("dict[str, int]", json.loads(printed))
        bad = [f"{path} is answered {status}" for path, status in answers.items() if status >= 400]
        if bad:
            words = scene.stack.last_words(scene.container(_SERVICE).id)
            raise ServiceFailed(f"Of the new release {', '.join(bad)}.", hint=words)

    def _remove(self) -> None:
        scene = self.scene
        there = scene.containers().get(_SERVICE)
        if there is not None:
            scene.stack.shell.run(docker.remove_container(there.id), what="Removing the canary")
