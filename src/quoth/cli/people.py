"""`quoth people`: who the speakers of an archive are."""

from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.archives import ARCHIVE, ArchivePath, AsJson, By, json_line, now
from quoth.cli.terminal import BAD_INPUT, OK, complain, guarded, write
from quoth.escapes import one_line

if TYPE_CHECKING:
    from quoth.archive import PersonRow

EXAMPLES = """\b
Examples:
  quoth people list                              who is quoted most
  quoth people show "Ama Osei"
  quoth people import offices.csv                a table of people and offices
  quoth people rename Q7 "Ama Osei-Lind"
  quoth people merge Q7 "name:A. Osei"           that name is hers too
  quoth people split Q7 "A. Osei"                no, that is somebody else
  quoth people undo                              the last of these

\b
People are named by their id, or by their name if only one is called so.
"name:..." is a name in reports that is nobody's yet. What was split is not put
together again by an import, and every change can be undone.

\b
Exit code: 0 done; 1 no such archive or person; 2 wrong usage."""

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Who the speakers are: list, show, import, rename, merge, split, undo.")
Who = Annotated[str, typer.Argument(metavar="PERSON", help="An id, or a name that only one has.")]


@app.command("list")
def list_people(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="Words of the name.")] = None,
    archive: ArchivePath = ARCHIVE,
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List people, those quoted most first."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.people import people

        with Archive.open(archive, create=False, read_only=True) as opened:
            found = people(opened, " ".join(words or ()), limit=limit)
        lines = (f"{row.statements:>8,}  {one_line(row.person.name)}  ({one_line(row.person.id)})\n" for row in found)
        write(json_line(found) if as_json else "".join(lines) or "nobody found\n", None)
        return OK

    raise typer.Exit(guarded(run))


@app.command()
def show(who: Who, archive: ArchivePath = ARCHIVE, as_json: AsJson = False) -> None:
    """Show a person: names, offices, statements by month, and what was done to them."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.counting import months
        from quoth.archive.people import called

        with Archive.open(archive, create=False, read_only=True) as opened:
            found = called(opened, who)
            if found is None:
                complain(f"{who}: nobody of that id or name", None)
                return BAD_INPUT
            by_month = months(opened, found.person.id)
        write(json_line({"person": found, "months": by_month}) if as_json else _shown(found), None)
        if not as_json:
            write("".join(f"  {month.name or 'not known':10} {month.count:>6,}\n" for month in by_month), None)
        return OK

    raise typer.Exit(guarded(run))


@app.command("import")
def import_table(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="CSV, Popolo, FollowTheMoney or Wikidata entities.")],
    by: By,
    archive: ArchivePath = ARCHIVE,
) -> None:
    """Take in a table of people and their offices, and find the speakers that are one of them."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.people_import import import_people
        from quoth.people import People

        people = People.load(table)
        for skipped in people.skipped:
            complain(f"note: {skipped.origin}: {skipped.reason}", None)
        with Archive.open(archive) as opened:
            done = import_people(opened, people.people, by=by, at=now())
        write(f"{done.new:,} people are new, {done.known:,} were known; {done.linked:,} names of speakers are theirs\n", None)
        return OK

    raise typer.Exit(guarded(run))


@app.command()
def rename(who: Who, name: Annotated[str, typer.Argument(help="The new name.")], by: By, archive: ArchivePath = ARCHIVE) -> None:
    """Give a person another name."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.people_changes import rename as renamed

        with Archive.open(archive, create=False) as opened:
            return _told(renamed(opened, who, name, by=by, at=now()))

    raise typer.Exit(guarded(run))


@app.command()
def merge(
    who: Who,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Who is the same: an id, a name, or name:... for one who is nobody's.")],
    by: By,
    archive: ArchivePath = ARCHIVE,
) -> None:
    """Say that two are one person."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.people_changes import merge as merged

        with Archive.open(archive, create=False) as opened:
            return _told(merged(opened, who, other, by=by, at=now()))

    raise typer.Exit(guarded(run))


@app.command()
def split(
    who: Who,
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Names that are somebody else's, or the id of one who was merged.")],
    by: By,
    archive: ArchivePath = ARCHIVE,
) -> None:
    """Say that some names of a person are somebody else's."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.people_changes import split as split_off

        with Archive.open(archive, create=False) as opened:
            id = split_off(opened, who, names, by=by, at=now())
        write(f"that is {id}\n", None)
        return OK

    raise typer.Exit(guarded(run))


@app.command()
def undo(
    by: By,
    number: Annotated[int | None, typer.Argument(metavar="CHANGE", help="Its number; the last one by default.")] = None,
    archive: ArchivePath = ARCHIVE,
) -> None:
    """Take a change of people back."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.people_changes import undo as undone

        with Archive.open(archive, create=False) as opened:
            return _told(undone(opened, number, by=by, at=now()))

    raise typer.Exit(guarded(run))


@app.command()
def changes(archive: ArchivePath = ARCHIVE, as_json: AsJson = False) -> None:
    """List what was done to people."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.people import changes as changed

        with Archive.open(archive, create=False, read_only=True) as opened:
            found = changed(opened)
        lines = (
            f"{one.number:>5}  {one.at}  {one_line(one.editor)}  {one_line(one.told)}{f' (undone by {one.undone})' if one.undone else ''}\n"
            for one in found
        )
        write(json_line(found) if as_json else "".join(lines) or "nothing was changed\n", None)
        return OK

    raise typer.Exit(guarded(run))


def _told(number: int | None) -> int:
    write("nothing changes\n" if number is None else f"change {number}\n", None)
    return OK


def _shown(row: "PersonRow") -> str:
    person = row.person
    lines = [f"{person.name} ({person.id})"]
    lines += [f"  also {alias}" for alias in person.aliases]
    for office in person.offices:
        start, end = (str(date.first) if date else "" for date in (office.start, office.end))
        lines.append(f"  {office.position}{f', {office.country}' if office.country else ''}  {start} – {end}")
    lines += [f"  in reports: {name.name} ({name.count:,})" for name in row.names]
    lines.append(f"  {row.statements:,} statements")
    return "".join(f"{'  ' if line.startswith('  ') else ''}{one_line(line)}\n" for line in lines)
