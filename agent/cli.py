"""The command ``ringwacht``. Errors are for people: a line each and an exit code; tracebacks only with ``--debug``."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from agent.app import running
from agent.app.loading import StartError, schema_text, summary
from agent.app.oneshot import collect as collect_once
from agent.cli_alerts import alerts
from agent.cli_assets import assets
from agent.cli_ssh import ssh
from agent.console import CANNOT_START, CHECK_FAILED, ConfigPath, Debug, fail, prepare, run_async
from agent.wire.logs import configure_logging

cli = typer.Typer(
    name="ringwacht",
    help="Watches a municipality's infrastructure and IT assets, exports to Prometheus, alerts the person on call.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: it is piped and quoted as often as it is read
)


def main() -> None:
    """Entry point of the console script. Output that cannot be written is one line, or none where the reader left."""
    try:
        cli()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more to flush at exit
        sys.exit(CHECK_FAILED)
    except OSError as error:
        if "--debug" in sys.argv:
            raise
        sys.stderr.write(f"{error.strerror or error}\n")
        sys.exit(CANNOT_START)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ringwacht {version('ringwacht')}")
        raise typer.Exit


cli.add_typer(alerts)
cli.add_typer(ssh)
cli.add_typer(assets)


@cli.callback()
def common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Watch a municipality's infrastructure and IT assets, export to Prometheus, alert the person on call."""


@cli.command()
def run(path: ConfigPath = Path(), *, debug: Debug = False) -> None:
    """Run the daemon until SIGTERM or Ctrl-C. Exit 2 where it cannot start."""
    configure_logging(debug=debug)
    run_async(running.run(path), debug=debug)


@cli.command()
def check(path: ConfigPath = Path()) -> None:
    """Check the configuration: exit 0 and a summary, or exit 1 and every error with file, line, column and field."""
    prepared = prepare(path, strict=True)
    for warning in prepared.plan.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    typer.echo(summary(prepared))


@cli.command()
def schema() -> None:
    """Print the configuration's JSON schema; editors complete from it."""
    typer.echo(schema_text())


@cli.command()
def rules(
    path: ConfigPath = Path(),
    *,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Written there, whole or not at all; else printed.")
    ] = None,
) -> None:
    """Write alerting and recording rules for Prometheus: same names, thresholds, severities and runbook links."""
    from agent.app.rulefile import rule_file, write_rule_file

    loaded = prepare(path).loaded
    if output is None:
        typer.echo(rule_file(loaded), nl=False)
        return
    try:
        write_rule_file(loaded, output)
    except StartError as error:
        fail(str(error), CHECK_FAILED)


@cli.command()
def plan(path: ConfigPath = Path()) -> None:
    """List the jobs with interval and phase."""
    table = Table("job", "collector", "interval", "phase", "address", box=None, pad_edge=False)
    for job in prepare(path).plan.jobs:
        where = f"{job.target.host or '-'}{f':{job.target.port}' if job.target.port else ''}"
        table.add_row(str(job.key), job.kind, f"{job.interval_seconds:g} s", f"{job.phase_seconds:.1f} s", where)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@cli.command()
def collect(
    path: ConfigPath,
    device: Annotated[str, typer.Argument(help="A device, service, link, source or projector of the inventory.")],
    check_name: Annotated[str | None, typer.Argument(metavar="CHECK", help="Only this check.")] = None,
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show each exchange: OID, rows, time.")] = False,
) -> None:
    """Poll once, now: samples in text format and timings. Exit 1 where a poll failed."""
    configure_logging(debug=debug)
    run_async(collect_once(path, device, check_name, debug=debug), debug=debug)


@cli.command()
def identify(  # noqa: PLR0913 - one for each option
    host: Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="The device; need not be in the inventory.")],
    config: Annotated[Path, typer.Option(help="The configuration that has the credential.")] = Path(),
    *,
    credential: Annotated[str | None, typer.Option(help="Its name there; need not be said where there is one.")] = None,
    community_env: Annotated[
        str | None, typer.Option(metavar="NAME", help="No configuration: SNMPv2c, community in this variable.")
    ] = None,
    profile: Annotated[str, typer.Option(help="auto, or the one profile to try.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show each exchange: OID, rows, time.")] = False,
) -> None:
    """Say what an SNMP device is, which profiles it gets and why, and what a poll brings. Exit 1 where it fails."""
    from agent.app.identify import Options, prepare_visit
    from agent.app.identify import identify as visit

    configure_logging(debug=debug)
    try:
        prepared = prepare_visit(Options(host, config, credential, community_env, profile))
    except StartError as error:
        fail(str(error), CANNOT_START)
    run_async(visit(prepared, json=as_json, debug=debug), debug=debug)


@cli.command()
def whatif(  # noqa: PLR0913 - one for each option
    path: Annotated[
        Path | None,
        typer.Argument(help="ringwacht.yml, or a folder that holds one, this one if left out; not read with --url."),
    ] = None,
    *,
    failing: Annotated[
        list[str] | None,
        typer.Option("--fail", metavar="KIND:ID", help="link, device, site, group or power; may be repeated."),
    ] = None,
    demand: Annotated[
        list[str] | None, typer.Option(metavar="SITE=RATE", help="Instead of what is known, e.g. rathaus=100Mbit/s.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every single failure, the worst first.")] = False,
    url: Annotated[
        str | None, typer.Option(help="Ask this daemon about its present state, e.g. http://127.0.0.1:9595.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    debug: Debug = False,
) -> None:
    """Say what would be cut off, and what the ways that are left must carry. Exit 1 where the question is wrong."""
    from agent.app.whatif import Question, ask, write

    try:
        question = Question.of(failing or (), demand or (), every=every)
        found = ask(path, url, question)
    except StartError as error:
        if debug:
            raise
        fail(str(error), CHECK_FAILED)
    write(found, as_json=as_json)


@cli.command()
def norms(
    path: Annotated[
        Path | None,
        typer.Argument(help="ringwacht.yml, or a folder that holds one, this one if left out; not read with --url."),
    ] = None,
    *,
    url: Annotated[str | None, typer.Option(help="Ask this daemon instead, e.g. http://127.0.0.1:9595.")] = None,
    token_env: Annotated[
        str | None, typer.Option(metavar="NAME", help="Variable with the secret of web.token, from another machine.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what fulfils the measurable requirements of norms now, and the gaps. Exit 1 where nothing was measured."""
    from agent.app.norms import ask, write

    try:
        found = ask(path, url, token_env)
    except StartError as error:
        fail(str(error), CHECK_FAILED)
    write(found, as_json=as_json)
    if not found.live:
        raise typer.Exit(CHECK_FAILED)


@cli.command()
def demo(
    *,
    speed: Annotated[float, typer.Option(min=0.1, max=20, help="How fast the scenario plays.")] = 1.0,
    scenario: Annotated[str, typer.Option(help="none, ring, power, heat or all.")] = "all",
    directory: Annotated[Path, typer.Option(help="Where the configuration is written.")] = Path("demo-county"),
    debug: Debug = False,
) -> None:
    """Watch a simulated county on loopback: no root, no server, the real protocols."""
    from agent.app.showcase import demo as play

    configure_logging(debug=debug, quiet=not debug)
    run_async(play(directory, speed, scenario), debug=debug)
