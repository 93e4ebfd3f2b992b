"""`quoth variants`: one statement in the words of several reports; `quoth conflicts`: the same words of different speakers."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quoth.cli.ingest import ARCHIVE
from quoth.cli.terminal import OK, complain, guarded, write
from quoth.escapes import one_line

if TYPE_CHECKING:
    from quoth.archive import Archive
    from quoth.archive.variants import Conflict, Gathered
    from quoth.variants import Drift, Member, Passage

EXAMPLES = """\b
Examples:
  quoth variants                    look for variants of what is new
  quoth variants --again            look for all of them anew
  quoth variants 1207               one statement in all its wordings
  quoth variants 1207 --json
  quoth variants 1207 --apart 988   these two are not the same: unlink them

\b
A STATEMENT is its number in the archive, or its id. Wordings come with the
earliest first and what changed from it; a change of a number, a negation or
a modal verb is flagged with "!". A fragment is a part of the statement, a
paraphrase a likely retelling. Copies of one article count as one witness.

\b
Exit code: 0 done; 1 no such archive or statement; 2 wrong usage."""

CONFLICT_EXAMPLES = """\b
Examples:
  quoth conflicts                   the latest first
  quoth conflicts --limit 10
  quoth conflicts --json | jq -r '.[].words'

\b
"quoth variants" finds them. Two names of one person are no conflict once
they are merged ("quoth people merge")."""

ArchivePath = Annotated[str, typer.Option("--archive", metavar="FILE", help="The archive.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def variants(
    statement: Annotated[str | None, typer.Argument(metavar="STATEMENT", help="Show this one; without it, look for variants.")] = None,
    archive: ArchivePath = ARCHIVE,
    days: Annotated[int, typer.Option(min=0, max=3660, help="Days between two reports of the same words, at most.")] = 14,
    again: Annotated[bool, typer.Option("--again", help="Look for all variants anew; what was set apart stays apart.")] = False,
    apart: Annotated[str | None, typer.Option(metavar="OTHER", help="Say that STATEMENT and OTHER are not the same.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find the same words in other reports, or show one statement in all its wordings."""
    if statement is None and apart is not None:
        raise typer.BadParameter("--apart goes with a STATEMENT")
    if statement is not None and again:
        raise typer.BadParameter("--again goes without a STATEMENT")
    if statement is None:
        raise typer.Exit(guarded(lambda: _find(archive, days, again, as_json)))
    if apart is not None:
        raise typer.Exit(guarded(lambda: _set_apart(archive, statement, apart)))
    raise typer.Exit(guarded(lambda: _show(archive, statement, as_json)))


def conflicts(
    archive: ArchivePath = ARCHIVE,
    limit: Annotated[int, typer.Option(min=1, help="Conflicts to list, at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List words that reports credit to different speakers."""
    raise typer.Exit(guarded(lambda: _list(archive, limit, as_json)))


def _find(path: str, days: int, again: bool, as_json: bool) -> int:
    from quoth.archive import Archive
    from quoth.archive.variants import find_variants

    with Archive.open(path, create=False) as archive:
        found = find_variants(archive, days=days, again=again)
    if as_json:
        counts = {name: getattr(found, name) for name in ("statements", "same", "paraphrases", "conflicts")}
        write(json.dumps(counts) + "\n", None)
    else:
        line = (
            f"{found.statements:,} statements: {found.same:,} links, {found.paraphrases:,} to paraphrases, {found.conflicts:,} conflicts\n"
        )
        write(line, None)
    return OK


def _show(path: str, key: str, as_json: bool) -> int:
    from quoth.archive import Archive
    from quoth.archive.variants import variants_of

    with Archive.open(path, create=False, read_only=True) as archive:
        row = _row(archive, key)
        gathered = variants_of(archive, row)
        shown = gathered_json(archive, gathered, row)
    write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n" if as_json else "".join(f"{line}\n" for line in _lines(shown)), None)
    return OK


def _set_apart(path: str, one: str, other: str) -> int:
    from quoth.archive import Archive
    from quoth.archive.variants import set_apart

    with Archive.open(path, create=False) as archive:
        set_apart(archive, _row(archive, one), _row(archive, other))
    complain("set apart; no later search for variants links them again", None)
    return OK


def _list(path: str, limit: int, as_json: bool) -> int:
    from quoth.archive import Archive
    from quoth.archive.variants import conflicts

    with Archive.open(path, create=False, read_only=True) as archive:
        shown = [conflict_json(archive, conflict) for conflict in conflicts(archive, limit=limit)]
    if as_json:
        write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n", None)
    elif shown:
        write("".join(f"{line}\n" for conflict in shown for line in _conflict_lines(conflict)), None)
    else:
        complain("no conflicts", None)
    return OK


def gathered_json(archive: "Archive", gathered: "Gathered", row: int) -> dict[str, Any]:
    """A statement with all its wordings; changes are told from the earliest one."""
    cluster = gathered.cluster
    return {
        "statement": row,
        "reports": len({member.passage.report for member in cluster.members if member.role != "paraphrase"}),
        "witnesses": gathered.witnesses,
        "wordings": [_member_json(archive, member, cluster.earliest, gathered.copied) for member in cluster.members],
        "conflicts": [conflict_json(archive, conflict) for conflict in gathered.conflicts],
    }


def conflict_json(archive: "Archive", conflict: "Conflict") -> dict[str, Any]:
    """Two wordings of the same words by different speakers, and how alike they are."""
    pair = conflict.pair
    return {
        "words": pair.left_span.slice(conflict.left.words),
        "score": pair.score,
        "left": _passage_json(archive, conflict.left),
        "right": _passage_json(archive, conflict.right),
    }


def _member_json(archive: "Archive", member: "Member", earliest: "Passage", copied: dict[str, str]) -> dict[str, Any]:
    from quoth.variants import drift

    report, pair = member.passage.report, member.pair
    changes = None if member.passage is earliest or member.role == "paraphrase" else drift(earliest.words, member.passage.words)
    return {
        **_passage_json(archive, member.passage),
        "role": member.role,
        "copy_of": int(copied[report]) if copied.get(report, report) != report else None,
        "like": None
        if pair is None
        else {
            "statement": int(pair.right if pair.left == member.passage.id else pair.left),
            "kind": pair.kind,
            "score": pair.score,
            "speakers": pair.speakers,
        },
        "changes": None if changes is None else _changes_json(changes),
    }


def _changes_json(changes: "Drift") -> list[dict[str, Any]]:
    return [
        {"kind": edit.kind, "from": edit.left, "to": edit.right, "classes": list(edit.classes), "flags": list(edit.flagged)}
        for edit in changes.edits
    ]


def _passage_json(archive: "Archive", passage: "Passage") -> dict[str, Any]:
    found = archive.statement(int(passage.id))
    article = None if found is None else found.statement.article
    return {
        "statement": int(passage.id),
        "report": int(passage.report),
        "published": passage.published.isoformat() if passage.published else None,
        "publisher": article.publisher if article else None,
        "url": article.url if article else None,
        "speaker": passage.speaker,
        "person": passage.person,
        "words": passage.words,
    }


def _row(archive: "Archive", key: str) -> int:
    """The row of a statement by its number or id; raises ArchiveError."""
    from quoth.errors import ArchiveError

    found = archive.statement(int(key) if key.isascii() and key.isdigit() and len(key) < 16 else key)
    if found is None:
        raise ArchiveError(f"no statement {key}", concerns=archive.path)
    return found.row


def _lines(shown: dict[str, Any]) -> Iterator[str]:
    reports, witnesses = shown["reports"], shown["witnesses"]
    yield f"{reports} report{'s' * (reports != 1)}, {witnesses} when copies count once"
    for wording in shown["wordings"]:
        like = wording["like"]
        tied = f"{wording['role']}, like {like['statement']} ({like['score']:.2f})" if like else "earliest"
        yield f"\n{_heading(wording)} · {tied}{' · copy' if wording['copy_of'] else ''}"
        yield f"  {one_line(wording['words'])}"
        for change in wording["changes"] or ():
            flags = f"  ! {', '.join(change['flags'])}" if change["flags"] else ""
            yield f"    {one_line(change['from']) or '–'} → {one_line(change['to']) or '–'}{flags}"
    for conflict in shown["conflicts"]:
        yield "\nconflict:"
        yield from (f"  {line}" for line in _conflict_lines(conflict))


def _conflict_lines(conflict: dict[str, Any]) -> Iterator[str]:
    yield one_line(conflict["words"])
    yield from (f"  {_heading(conflict[side])}" for side in ("left", "right"))


def _heading(passage: dict[str, Any]) -> str:
    known = (passage["published"] or "no date", passage["publisher"], passage["speaker"] or "unresolved", str(passage["statement"]))
    return " · ".join(one_line(one) for one in known if one)
