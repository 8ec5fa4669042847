"""``ringwacht alerts …``: what a person on call asks and does about alerts."""

from __future__ import annotations

import typer

alerts = typer.Typer(
    name="alerts",
    help="Alerts: who is told, test messages, acknowledge, silence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
