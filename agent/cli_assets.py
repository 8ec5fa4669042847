"""``ringwacht assets …``: the asset register: spreadsheets in, differences and replacement needs out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.console import CHECK_FAILED, plainly

assets = typer.Typer(
    name="assets",
    help="Asset register: import spreadsheets, report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@assets.command("import")
def import_file(  # noqa: PLR0913 - one for each option
    source: Annotated[Path, typer.Argument(metavar="FILE", help="Spreadsheet, CSV or XLSX, German or English.")],
    *,
    into: Annotated[Path, typer.Option(metavar="FILE", help="The register that `assets:` names.")] = Path("assets.csv"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of it; write nothing.")] = False,
    rejected: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Rejected rows are written there, whole.")
    ] = None,
    site: Annotated[str | None, typer.Option(help="Site of rows that name none.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="The configuration whose sites are meant, by id or name; others are rejected.")
    ] = None,
) -> None:
    """Put a spreadsheet into the register, by asset tag, then serial number. Exit 1 where rows were rejected."""
    from agent.app.assetimport import Order, import_assets

    with plainly():
        found = import_assets(Order(source, into, dry_run, rejected, site, config))
    if found.rejected:
        raise typer.Exit(CHECK_FAILED)


@assets.command()
def report(
    path: Annotated[
        Path | None,
        typer.Argument(help="ringwacht.yml, or a folder that holds one, this one if left out."),
    ] = None,
    *,
    url: Annotated[str | None, typer.Option(help="Ask this daemon; without PATH no files are read.")] = None,
    token_env: Annotated[
        str | None, typer.Option(metavar="NAME", help="Variable with the secret of web.token, from another machine.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
) -> None:
    """Say what differs from the register at each site, and what ends or is to be replaced this year and the next."""
    from agent.app.assetreport import ask, write

    with plainly():
        found = ask(path, url, token_env)
    write(found, as_csv=as_csv)
