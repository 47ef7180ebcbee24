"""The command `menuvo`: one thin function per verb."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from menuvo_ops import cli_environment, cli_logs, cli_recovery, cli_rollout
from menuvo_ops.cli_server import server
from menuvo_ops.environment import Deployment, locate
from menuvo_ops.errors import OpsError, Refused, Usage
from menuvo_ops.local.paths import this_clone
from menuvo_ops.local.preparation import Options
from menuvo_ops.operations import bench as bench_operation
from menuvo_ops.operations import env_check, env_init, env_show
from menuvo_ops.operations import test as test_operation
from menuvo_ops.operations.engines import engine_for_start, running_engine
from menuvo_ops.terminal import talk

app = typer.Typer(
    name="menuvo",
    help="Runs Menuvo on this machine, tests it, measures it, and takes it into production.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

environment = typer.Typer(
    name="env",
    help="Make, check, show and change the environment of a production.",
    no_args_is_help=True,
)
app.add_typer(environment)
app.add_typer(server)


@app.command()
def up(
    *,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return when everything is healthy.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Where people enter; remembered.")
    ] = None,
    lan: Annotated[bool, typer.Option("--lan", help="Let phones in the same network in.")] = False,
    monitoring: Annotated[
        bool | None,
        typer.Option(
            "--monitoring/--no-monitoring",
            help="Build Gatus and Beszel once, with Go; else they run where they are built.",
        ),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="embedded, or compose: production's containers, with Docker.")
    ] = "embedded",
) -> None:
    """Bring up the whole platform with a demo restaurant."""
    chosen = engine_for_start(this_clone(), engine)
    chosen.up(Options(port=port, lan=lan, monitoring=monitoring), detach=detach)


@app.command()
def down(
    *,
    delete_data: Annotated[
        bool, typer.Option("--delete-data", help="Forget orders, menus, pictures.")
    ] = False,
) -> None:
    """Stop everything."""
    running_engine(this_clone()).down(delete_data=delete_data)


app.command()(cli_rollout.status)


app.command()(cli_logs.logs)


@app.command()
def restart(service: str) -> None:
    """Stop one service politely and start it again."""
    running_engine(this_clone()).restart(service)


for verb in (
    *(cli_rollout.deploy, cli_rollout.rollback, cli_rollout.releases),
    *(cli_rollout.backup, cli_rollout.restore, cli_rollout.doctor, cli_rollout.monitoring),
    *(cli_recovery.recovery, cli_recovery.rebuild, cli_recovery.drill, cli_recovery.timers),
):
    app.command()(verb)


@app.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_tests(
    context: typer.Context,
    *,
    fast: Annotated[
        bool, typer.Option("--fast", help="Without tests marked slow, browser or system.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With `system`: also what is not marked core.")
    ] = False,
) -> None:
    """Run the gates and the default tier; further arguments go to pytest.

    `menuvo test system` runs the tests of the whole stack and of production's containers alone.
    """
    group, arguments = context.args[:1], context.args[1:]
    if group == ["system"]:
        if fast:
            raise Usage("--fast leaves out all system tests.", hint="Leave away one of the two.")
        test_operation.test_system(this_clone(), everything=everything, arguments=arguments)
    elif everything:
        raise Usage(
            "--all belongs to `menuvo test system`.", hint="Run: ./menuvo test system --all"
        )
    else:
        test_operation.test(this_clone(), fast=fast, arguments=context.args)


@app.command()
def bench(
    name: str,
    *,
    megabytes: Annotated[
        int | None, typer.Option(min=10, help="Of the database that `backup` and `archive` fill.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the measurements alone.")] = False,
) -> None:
    """Measure; exit code 3 when a target is missed."""
    done = bench_operation.bench(this_clone(), name, megabytes=megabytes, as_json=json)
    raise typer.Exit(done)


_Directory = Annotated[
    Path | None,
    typer.Option(
        "--directory",
        help="The folder of the deployment; else this one when it has a docker-compose.yml,"
        " else infra/ of this clone.",
    ),
]


@environment.command("init")
def make_environment(
    *,
    from_file: Annotated[
        Path | None, typer.Option("--from", help="Take over the values of this .env.")
    ] = None,
    domain: Annotated[str | None, typer.Option(help="The domain of the shop.")] = None,
    seal: Annotated[
        bool, typer.Option("--seal", help="Seal the backups in the bucket: make a pair of keys.")
    ] = False,
    directory: _Directory = None,
) -> None:
    """Write a complete .env with generated secrets; what is there is kept."""
    env_init.init(_deployment(directory), from_file=from_file, domain=domain, seal=seal)


@environment.command("check")
def check_environment(
    *,
    directory: _Directory = None,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Name everything that is missing or malformed; exit code 1 when something is."""
    raise typer.Exit(env_check.check(_deployment(directory), as_json=json))


@environment.command("show")
def show_environment(
    *,
    directory: _Directory = None,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show every name with its value, but no secret."""
    env_show.show(_deployment(directory), as_json=json)


for verb in (cli_environment.diff, cli_environment.github, cli_environment.rotate):
    environment.command()(verb)


def _deployment(directory: Path | None) -> Deployment:
    return locate(directory, current=Path.cwd(), infra=this_clone().root / "infra")


def main() -> None:
    """The one place where an error becomes a sentence and an exit code."""
    try:
        app()
    except OpsError as error:
        _say_and_exit(error)
    except OSError as error:
        _say_and_exit(Refused.by_system(error))


def _say_and_exit(error: OpsError) -> NoReturn:
    talk.print(f"[bold red]{escape(error.message)}[/]")
    if error.hint:
        talk.print(escape(error.hint))
    sys.exit(error.exit_code)
