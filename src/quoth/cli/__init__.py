"""The command line: parse, call, print. One file a command; only the one that is called is loaded, and heavy imports wait still longer."""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from quoth import __version__

COMMANDS = {
    "extract": "extract:extract EXAMPLES",
    "evaluate": "evaluate:evaluate EXAMPLES",
    "ingest": "ingest:ingest EXAMPLES",
    "skipped": "ingest:skipped SKIPPED_EXAMPLES",
    "batch": "batch:app EXAMPLES",
    "watch": "watch:watch EXAMPLES",
    "export": "export:export EXAMPLES",
    "variants": "variants:variants EXAMPLES",
    "conflicts": "variants:conflicts CONFLICT_EXAMPLES",
    "search": "search:search EXAMPLES",
    "alerts": "alerts:app EXAMPLES",
    "people": "people:app EXAMPLES",
    "reviews": "reviews:app EXAMPLES",
    "mcp": "mcp:mcp EXAMPLES",
    "serve": "serve:serve EXAMPLES",
    "accounts": "serve:app ACCOUNT_EXAMPLES",
    "verify": "verify:verify VERIFY_EXAMPLES",
    "backup": "verify:backup BACKUP_EXAMPLES",
    "restore": "verify:restore RESTORE_EXAMPLES",
}
"""Each command in the order of the help: its module, the function or group there, and the constant with its examples."""


class Commands(TyperGroup):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command; None if there is none of this name, and then all are loaded for what else may have been meant."""
        for name in [cmd_name] if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.commands[name] = _loaded(name)
        return self.commands.get(cmd_name)


def _loaded(name: str) -> Any:
    """A command of the table."""
    module, _, attributes = COMMANDS[name].partition(":")
    found, examples = (getattr(import_module(f"quoth.cli.{module}"), attribute) for attribute in attributes.split())
    parent = typer.Typer(rich_markup_mode=None)
    parent.callback()(lambda: None)
    if isinstance(found, typer.Typer):
        parent.add_typer(found, name=name, epilog=examples)
    else:
        parent.command(name=name, epilog=examples)(found)
    return typer.main.get_group(parent).commands[name]


app = typer.Typer(cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True, add_completion=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"quoth {__version__}")
        raise typer.Exit


@app.callback(epilog='"quoth extract --help" has examples.')
def quoth(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")] = False,
) -> None:
    """Who said what: the attributed statements of dated news reports, with the words that prove each."""


def main() -> None:
    """The entry point."""
    app(prog_name="quoth")
