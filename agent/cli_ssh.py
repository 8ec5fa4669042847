"""``ringwacht ssh …``: keys of devices, and their configurations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.console import ConfigPath, Debug, plainly, prepare
from agent.wire.logs import configure_logging

ssh = typer.Typer(
    name="ssh",
    help="Configuration backups over SSH: trust a device's key, fetch one configuration now.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Device = Annotated[str, typer.Argument(help="A device of the inventory that has an ssh key.")]


@ssh.command()
def trust(
    device: Device,
    path: ConfigPath = Path(),
    *,
    fingerprint: Annotated[
        str | None, typer.Option(metavar="SHA256:…", help="What it must be; without it somebody is asked.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Although another key is known.")] = False,
) -> None:
    """Take the key that a device shows into known_hosts. No login is tried. Exit 1 where it is not trusted."""
    from agent.app import sshkeys

    with plainly():
        wanted = sshkeys.Wanted(fingerprint, replace)
        typer.echo(sshkeys.trust(prepare(path).loaded, device, wanted, sshkeys.is_agreed))


@ssh.command()
def fetch(device: Device, path: ConfigPath = Path(), *, debug: Debug = False) -> None:
    """Print a device's configuration as it is now, secrets masked; store nothing. Exit 1 where it cannot be had."""
    from agent.app import sshkeys

    configure_logging(debug=debug)
    with plainly():
        typer.echo(sshkeys.fetched(prepare(path).loaded, device), nl=False)
