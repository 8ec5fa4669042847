"""``ringwacht alerts …``: what a person on call asks and does about alerts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.console import ConfigPath, Debug, plainly, prepare, run_async
from agent.wire.logs import configure_logging

alerts = typer.Typer(
    name="alerts",
    help="Alerts: who is told, test messages, acknowledge, silence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@alerts.command("test")
def send_test(
    path: ConfigPath = Path(),
    *,
    receiver: Annotated[str, typer.Option(help="Who is to be reached; one by duty: whoever has it now.")],
    role: Annotated[str, typer.Option("--as", metavar="ROLE", help="Who asks: a receiver of the configuration.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    debug: Debug = False,
) -> None:
    """Send a marked test over every way to a receiver and say what became of it. Exit 1 where one failed."""
    from agent.app import testmessage

    configure_logging(debug=debug)
    loaded = prepare(path).loaded
    run_async(testmessage.send_test(loaded, receiver, role, as_json=as_json), debug=debug)


Url = Annotated[str | None, typer.Option(help="The daemon; default: http://127.0.0.1:9595, or that of --config.")]
Config = Annotated[Path | None, typer.Option(help="The configuration that says where the daemon listens.")]
TokenEnv = Annotated[
    str | None, typer.Option(metavar="NAME", help="Variable with the secret of web.token, from another machine.")
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Role = Annotated[str, typer.Option("--as", metavar="ROLE", help="Who acts: a receiver of the configuration.")]
Why = Annotated[str, typer.Option(help="Why, for the audit.")]


@alerts.command("list")
def list_alerts(*, url: Url = None, config: Config = None, token_env: TokenEnv = None, as_json: AsJson = False) -> None:
    """List the alerts that stand."""
    from agent.app import remote

    with plainly():
        found = remote.rows(remote.ask(remote.Door.of(url, config, token_env), "GET", "/api/v1/alerts"))
    remote.write(found, remote.alert_table(found) if found else "No alerts.", as_json=as_json)


@alerts.command()
def ack(  # noqa: PLR0913 - one for each option
    alert: Annotated[str, typer.Argument(metavar="ID", help="Its id, or enough of its beginning.")],
    *,
    role: Role,
    until: Annotated[str | None, typer.Option(help="2h, or 2027-01-15T16:00:00+01:00; default: resolved.")] = None,
    why: Why = "",
    url: Url = None,
    config: Config = None,
    token_env: TokenEnv = None,
    as_json: AsJson = False,
) -> None:
    """Acknowledge: somebody works on it, nobody is reminded, nothing escalates."""
    from agent.app import remote

    with plainly():
        body = {"by": role, "why": why, **remote.ending(until)}
        found = remote.act(remote.Door.of(url, config, token_env), "alerts", alert, "ack", body)
    remote.write(found, remote.alert_table([found]), as_json=as_json)


@alerts.command()
def unack(  # noqa: PLR0913 - one for each option
    alert: Annotated[str, typer.Argument(metavar="ID", help="Its id, or enough of its beginning.")],
    *,
    role: Role,
    why: Why = "",
    url: Url = None,
    config: Config = None,
    token_env: TokenEnv = None,
    as_json: AsJson = False,
) -> None:
    """Take an acknowledgement back."""
    from agent.app import remote

    with plainly():
        body = {"by": role, "why": why}
        found = remote.act(remote.Door.of(url, config, token_env), "alerts", alert, "unack", body)
    remote.write(found, remote.alert_table([found]), as_json=as_json)


@alerts.command()
def silence(  # noqa: PLR0913 - one for each option
    *,
    match: Annotated[list[str], typer.Option(metavar="KEY=VALUE", help="What is meant; may be repeated, all hold.")],
    lasting: Annotated[str, typer.Option("--for", help="How long: 4h, or until when: 2027-01-15T16:00:00+01:00.")],
    reason: Annotated[str, typer.Option(help="What is done there.")],
    role: Role,
    start: Annotated[str | None, typer.Option(help="When it begins: 2027-01-15T16:00:00+01:00; default: now.")] = None,
    mode: Annotated[str, typer.Option(help="mute: nobody is told; skip: no alert; run: told, naming it.")] = "mute",
    url: Url = None,
    config: Config = None,
    token_env: TokenEnv = None,
    as_json: AsJson = False,
) -> None:
    """Announce work: what it explains is told to nobody. An isolated site always alerts."""
    from agent.app import remote

    with plainly():
        body = {"match": remote.match_of(match), "reason": reason, "by": role, "mode": mode, **remote.ending(lasting)}
        door = remote.Door.of(url, config, token_env)
        (found,) = remote.rows(
            [remote.ask(door, "POST", "/api/v1/silences", body | ({"start": start} if start else {}))]
        )
    remote.write(found, remote.silence_table([found]), as_json=as_json)


@alerts.command()
def silences(*, url: Url = None, config: Config = None, token_env: TokenEnv = None, as_json: AsJson = False) -> None:
    """List the silences that are in force or yet to come."""
    from agent.app import remote

    with plainly():
        found = remote.rows(remote.ask(remote.Door.of(url, config, token_env), "GET", "/api/v1/silences"))
    remote.write(found, remote.silence_table(found) if found else "No silences.", as_json=as_json)


@alerts.command()
def unsilence(  # noqa: PLR0913 - one for each option
    name: Annotated[str, typer.Argument(metavar="ID", help="Its id, or enough of its beginning.")],
    *,
    role: Role,
    why: Why = "",
    url: Url = None,
    config: Config = None,
    token_env: TokenEnv = None,
    as_json: AsJson = False,
) -> None:
    """End a silence now."""
    from agent.app import remote

    with plainly():
        body = {"by": role, "why": why}
        found = remote.act(remote.Door.of(url, config, token_env), "silences", name, "expire", body)
    remote.write(found, remote.silence_table([found]), as_json=as_json)


@alerts.command("route")
def explain_route(  # noqa: PLR0913 - one for each thing that may be asked
    path: ConfigPath = Path(),
    *,
    rule: Annotated[str | None, typer.Option(help="Rule, shipped or own.")] = None,
    site: Annotated[str | None, typer.Option(help="Site.")] = None,
    severity: Annotated[str | None, typer.Option(help="critical, warning or info; default: the rule's.")] = None,
    subject: Annotated[str | None, typer.Option(help="Subject, as kind:id, e.g. link:ring-1.")] = None,
    at: Annotated[str | None, typer.Option(help="Local time, e.g. 2026-12-24T22:00; default: now.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Explain who would be told of a finding, when and why, from the configuration files."""
    from agent.app import routequery
    from agent.app.explain import Asked

    asked = Asked(rule, site, severity, subject, at)
    with plainly():
        typer.echo(routequery.answer(prepare(path).loaded, asked, as_json=as_json))
