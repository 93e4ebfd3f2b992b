"""`quoth serve`: the reading room; `quoth accounts`: who may enter it."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.terminal import BAD_USAGE, OK, complain, guarded, write

if TYPE_CHECKING:
    from quoth.web.accounts import Accounts

EXAMPLES = """\b
Examples:
  quoth serve                                    http://127.0.0.1:8400 over quoth.db
  quoth serve --archive news.db --port 9000
  quoth accounts add Ama --role admin            then, for others in the network:
  quoth serve --host 0.0.0.0 --name news.example --accounts quoth.accounts.json

\b
Without accounts only this machine can see the room, and whoever sits at it
may do everything. Put a server that speaks TLS in front of a room with
accounts; --name is the name by which browsers know it."""

ACCOUNT_EXAMPLES = """\b
Examples:
  quoth accounts add Ama --role reviewer         asks for a password
  quoth accounts token Ama script                a token for programs, told once
  quoth accounts list
  quoth accounts remove Ama"""

FILE = "quoth.accounts.json"
AccountsPath = Annotated[Path, typer.Option("--accounts", metavar="FILE", help="The file of accounts.")]
app = typer.Typer(help="Who may enter the reading room, and what they may do there.", no_args_is_help=True)


class Role(StrEnum):
    """What somebody may do."""

    READER = "reader"
    REVIEWER = "reviewer"
    ADMIN = "admin"


def serve(
    archive: Annotated[str, typer.Option("--archive", metavar="FILE", help="The archive.")] = "quoth.db",
    host: Annotated[str, typer.Option(help="The address to listen at; others than this machine's need --accounts.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = 8400,
    names: Annotated[list[str] | None, typer.Option("--name", metavar="NAME", help="A name by which browsers know this room.")] = None,
    accounts: Annotated[Path | None, typer.Option("--accounts", metavar="FILE", help="Who may enter; else whoever sits here.")] = None,
    reviewer: Annotated[str | None, typer.Option(metavar="NAME", help="Who reviews, in a room without accounts.")] = None,
    log: Annotated[bool, typer.Option("--log", help="Print a line for each request.")] = False,
) -> None:
    """Open the reading room: pages and an API over an archive."""
    from quoth.web.settings import LOOPBACK

    if accounts is None and host not in LOOPBACK:
        raise typer.BadParameter("others than this machine's need --accounts: who may enter?", param_hint="--host")
    if accounts is not None and not accounts.exists():
        raise typer.BadParameter(f'{accounts} is not there; "quoth accounts add" makes it', param_hint="--accounts")

    def run() -> int:
        try:
            from quoth.web.listening import listen
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] == "quoth":
                raise
            complain(f"the reading room needs more: pip install 'quoth[web]' ({error.name} is missing)", None)
            return BAD_USAGE
        told = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        listen(
            archive, host, port, accounts=accounts, hosts=names or (), reviewer=reviewer, log=log,
            ready=lambda: complain(f"the reading room is at {told} (Ctrl-C ends it)", None),
        )  # fmt: skip
        return OK

    raise typer.Exit(guarded(run))


@app.command("add", epilog=ACCOUNT_EXAMPLES)
def add(
    name: Annotated[str, typer.Argument(help="Who.")],
    role: Annotated[
        Role, typer.Option(help="reader; reviewer, who may correct; admin, who may take back what others did to people.")
    ] = Role.READER,
    file: AccountsPath = Path(FILE),
) -> None:
    """Make an account, or give one another role and password; the password is asked for, or read from standard input."""
    asked = sys.stdin.isatty()
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if asked else sys.stdin.readline().rstrip("\n")

    def run() -> int:
        _accounts(file).put(name, role.value, password)
        return OK

    raise typer.Exit(guarded(run))


@app.command("token")
def token(
    name: Annotated[str, typer.Argument(help="Whose.")],
    label: Annotated[str, typer.Argument(help="What it is for; a new one takes the place of the last of that label.")] = "token",
    file: AccountsPath = Path(FILE),
) -> None:
    """Print a new token for programs: Authorization: Bearer TOKEN. It is not kept and cannot be shown again."""

    def run() -> int:
        write(f"{_accounts(file).new_token(name, label)}\n", None)
        return OK

    raise typer.Exit(guarded(run))


@app.command("list")
def list_accounts(file: AccountsPath = Path(FILE)) -> None:
    """List who may enter, with roles and labels of tokens."""

    def run() -> int:
        for account in _accounts(file).all():
            labels = ", ".join(label for label, _ in account.tokens)
            write(f"{account.name}: {account.role}{f' (tokens: {labels})' if labels else ''}\n", None)
        return OK

    raise typer.Exit(guarded(run))


@app.command("remove")
def remove(name: Annotated[str, typer.Argument(help="Who.")], file: AccountsPath = Path(FILE)) -> None:
    """Take an account away, with its tokens."""

    def run() -> int:
        _accounts(file).remove(name)
        return OK

    raise typer.Exit(guarded(run))


def _accounts(file: Path) -> "Accounts":
    from quoth.web.accounts import Accounts

    return Accounts(file)
