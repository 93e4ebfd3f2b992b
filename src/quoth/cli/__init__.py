"""The command line: parse, call, print. One file a command; heavy imports wait until they are needed, so that help comes at once."""

from typing import Annotated

import typer

from quoth import __version__
from quoth.cli import evaluate, extract

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


def main() -> None:
    """The entry point."""
    app(prog_name="quoth")
