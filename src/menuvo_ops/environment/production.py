"""The environment of one deployment folder: read, judged, and ready for its containers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from menuvo_ops.environment.checks import check_values
from menuvo_ops.environment.deployment import Deployment
from menuvo_ops.environment.dotenv import Document
from menuvo_ops.environment.findings import Finding
from menuvo_ops.environment.merging import Source, by_todays_names
from menuvo_ops.environment.reading import exposed_mode, read
from menuvo_ops.environment.redacted import Redacted
from menuvo_ops.environment.secret_files import materialise
from menuvo_ops.environment.values import Values, text
from menuvo_ops.environment.variables import VARIABLES
from menuvo_ops.errors import EnvironmentInvalid

_INIT = "Run: menuvo env init"


@dataclass(frozen=True)
class Environment:
    """A complete environment: defaults stand where the file says nothing."""

    deployment: Deployment
    values: Values = field(repr=False)
    findings: tuple[Finding, ...] = ()
    # Secret files that were written because their content was another one before.
    changed: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "warning")

    def __getitem__(self, name: str) -> str:
        """The plain value of a name that is no secret."""
        if VARIABLES[name].secret:
            raise KeyError(f"{name} is a secret: ask for it with secret()")
        return text(self.values, name)

    def secret(self, name: str) -> Redacted:
        return self.values[name]

    @property
    def public_url(self) -> str:
        return f"https://{self['DOMAIN']}"

    def for_compose(self) -> Mapping[str, str]:
        """What a compose file may put in: everything but secrets, with the defaults."""
        plain = {name: self[name] for name, variable in VARIABLES.items() if not variable.secret}
        return {**plain, "PUBLIC_URL": self.public_url}


def examine(deployment: Deployment) -> Environment:
    """Read and judge; nothing is raised for what is in the file."""
    if not deployment.env_file.exists():
        missing = Finding(".env", f"does not exist in {deployment.directory}", _INIT)
        return Environment(deployment, {}, (missing,))
    document = read(deployment.env_file)
    source = by_todays_names(document)
    values = with_defaults(source.values)
    findings = (*_file_findings(deployment.env_file, document, source), *check_values(values))
    return Environment(deployment, values, findings)


def prepare(directory: Path) -> Environment:
    """Validate the environment of a deployment folder and write what its containers read.

    Raises EnvironmentInvalid, with every error, before anything is written.
    """
    deployment = Deployment(directory.resolve())
    environment = examine(deployment)
    if environment.errors:
        told = "\n".join(map(str, environment.errors))
        raise EnvironmentInvalid(f"{deployment.env_file} is not complete:\n{told}", hint=_INIT)
    with deployment.locked():
        changed = materialise(deployment, environment.values)
    return Environment(deployment, environment.values, environment.findings, tuple(changed))


def with_defaults(values: Values) -> Values:
    return {
        name: values.get(name) or Redacted(variable.default) for name, variable in VARIABLES.items()
    }


def _file_findings(file: Path, document: Document, source: Source) -> Iterator[Finding]:
    mode = exposed_mode(file)
    if mode is not None:
        yield Finding(".env", f"can be read by others: its mode is {mode:04o}, not 0600", _INIT)
    for mistake in (*document.mistakes, *source.mistakes):
        yield Finding(".env", str(mistake), "Every line looks like: NAME=value")
    for assignment in document.assignments:
        if not assignment.alike:
            told = (
                "has a $ or # outside single quotes: Docker Compose reads another value than menuvo"
            )
            yield Finding(assignment.name, told, f"Put it in single quotes. {_INIT}")
