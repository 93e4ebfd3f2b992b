"""The command line: parse, call, print. One file a command; heavy imports wait until they are needed, so that help comes at once."""

from typing import Annotated

import typer

from quoth import __version__
from quoth.cli import alerts, batch, evaluate, export, extract, ingest, mcp, people, reviews, search, serve, variants, verify, watch

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True, add_completion=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"quoth {__version__}")
        raise typer.Exit


@app.callback(epilog='"quoth extract --help" has examples.')
def quoth(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")] = False,
) -> None:
    """Who said what: the attributed statements of dated news reports, with the words that prove each."""


app.command(epilog=extract.EXAMPLES)(extract.extract)
app.command(epilog=evaluate.EXAMPLES)(evaluate.evaluate)
app.command(epilog=ingest.EXAMPLES)(ingest.ingest)
app.command(epilog=ingest.SKIPPED_EXAMPLES)(ingest.skipped)
app.add_typer(batch.app, name="batch", epilog=batch.EXAMPLES)
app.command(epilog=watch.EXAMPLES)(watch.watch)
app.command(epilog=export.EXAMPLES)(export.export)
app.command(epilog=variants.EXAMPLES)(variants.variants)
app.command(epilog=variants.CONFLICT_EXAMPLES)(variants.conflicts)
app.command(epilog=search.EXAMPLES)(search.search)
app.add_typer(alerts.app, name="alerts", epilog=alerts.EXAMPLES)
app.add_typer(people.app, name="people", epilog=people.EXAMPLES)
app.add_typer(reviews.app, name="reviews", epilog=reviews.EXAMPLES)
app.command(epilog=mcp.EXAMPLES)(mcp.mcp)
app.command(epilog=serve.EXAMPLES)(serve.serve)
app.add_typer(serve.app, name="accounts", epilog=serve.ACCOUNT_EXAMPLES)
app.command(epilog=verify.VERIFY_EXAMPLES)(verify.verify)
app.command(epilog=verify.BACKUP_EXAMPLES)(verify.backup)
app.command(epilog=verify.RESTORE_EXAMPLES)(verify.restore)


def main() -> None:
    """The entry point."""
    app(prog_name="quoth")
