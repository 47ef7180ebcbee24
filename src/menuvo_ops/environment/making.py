"""Makes an environment of values that a program knows, without a word to anybody."""

from collections.abc import Mapping

from menuvo_ops.environment.deployment import Deployment
from menuvo_ops.environment.dotenv import Document
from menuvo_ops.environment.merging import Source, by_todays_names, complete, merge
from menuvo_ops.environment.production import Environment, prepare
from menuvo_ops.environment.reading import read_without_mistakes
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.rendering import environment_file
from menuvo_ops.environment.writing import write_if_changed


def make(deployment: Deployment, values: Mapping[str, str]) -> Environment:
    """Complete what is there with `values` and generated secrets; what is there wins.

    Raises EnvironmentInvalid when that is not enough.
    """
    with deployment.locked():
        file = deployment.env_file
        document = read_without_mistakes(file) if file.exists() else Document()
        given = Source({name: Redacted(value) for name, value in values.items()})
        merged = merge([by_todays_names(document), given])
        complete(merged)
        content = environment_file(merged.values, merged.unknown, merged.comments, document.closing)
        write_if_changed(file, content.encode(), mode=0o600)
    return prepare(deployment.directory)
