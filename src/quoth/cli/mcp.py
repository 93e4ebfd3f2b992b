"""`quoth mcp`: an archive for assistants that speak the Model Context Protocol, on standard input and output."""

import typer

from quoth.cli.archives import ARCHIVE, ArchivePath
from quoth.cli.terminal import OK, guarded

EXAMPLES = """\b
Examples:
  quoth mcp --archive quoth.db

\b
An assistant starts it by itself; tell it so in its settings, with the whole
path of the archive:
  {"mcpServers": {"quoth": {"command": "quoth",
                            "args": ["mcp", "--archive", "/home/me/quoth.db"]}}}

\b
Three tools: search_statements, person_timeline, verify_quotation. The archive
is only read. Needs an extra: pip install 'quoth[mcp]'.

\b
Exit code: 0 the assistant has ended the session; 1 the archive cannot be read,
or the extra is missing; 2 wrong usage."""


def mcp(archive: ArchivePath = ARCHIVE) -> None:
    """Answer the questions of an assistant (Model Context Protocol) on standard input and output."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.integrations.mcp import make_server

        Archive.open(archive, create=False, read_only=True).close()  # what is wrong with it is told before the assistant waits
        make_server(archive).run()
        return OK

    raise typer.Exit(guarded(run))
