"""Whatever is done to an archive in whatever order, it keeps its promises."""

import shutil
import tempfile
from pathlib import Path

from archiving import WHO, article, read
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from quoth.archive import Archive, StatementRow, people_changes, reviews
from quoth.archive.people import changes, person
from quoth.archive.people_import import import_people
from quoth.archive.verification import verify
from quoth.errors import ArchiveError
from quoth.types import Person, Span

PIECES = [
    "“It rains in Harl,” said Ada Lovell.",
    "“The ferry is late,” said Bo Lind.",
    "“We will not pay Norvania,” denied Ada Lovell.",
    "“It rains in Harl,” said Cy Marr.",
    "“Nobody came,” said she.",
]
NAMES = ["Ada Lovell", "Bo Lind", "Cy Marr"]
TABLE = [Person(id="Q1", name="Ada Lovell", aliases=("A. Lovell",), wikidata="Q1"), Person(id="Q2", name="Bo Lind")]
DECIDING = {"accept": "accepted", "edit": "accepted", "reject": "rejected", "split": "split", "merge": "merged"}


class Promises(RuleBasedStateMachine):
    """Stores, reads again, reviews, splits, merges, undoes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.archive = Archive.open(self.folder / "quoth.db")
        self.events = 0
        self.apart: set[tuple[str, str]] = set()

    def teardown(self) -> None:
        assert verify(self.archive).problems == ()
        self.archive.close()
        with Archive.open(self.folder / "quoth.db", read_only=True) as again:
            assert len(reviews.reviews(again)) == self.events
        shutil.rmtree(self.folder)

    def shown(self) -> list[StatementRow]:
        return list(self.archive.every_statement())

    @rule(number=st.integers(1, 2), pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=5), extractor=st.integers(1, 2))
    def store(self, number: int, pieces: list[str], extractor: int) -> None:
        report = article(" ".join(pieces), id=f"r{number}")
        self.archive.store(report, read(report), extractor=f"toy {extractor}")
        assert self.archive.store(report, (), extractor=f"toy {extractor}") == "already"

    @rule(number=st.integers(1, 2), kept=st.sets(st.integers(0, 4)), extractor=st.integers(3, 9))
    def read_again(self, number: int, kept: set[int], extractor: int) -> None:
        found = self.archive.report(f"r{number}")
        if found is not None:
            some = [statement for index, statement in enumerate(read(found.article)) if index in kept]
            self.archive.store(found.article, some, extractor=f"toy {extractor}")

    @precondition(lambda self: self.shown())
    @rule(choice=st.data(), action=st.sampled_from(["accept", "reject", "edit", "speaker", "nobody", "polarity", "split"]))
    def review(self, choice: st.DataObject, action: str) -> None:
        row = choice.draw(st.sampled_from(self.shown()), label="row")
        piece = row.statement.attribution.content[0]
        middle = (piece.start + piece.end) // 2
        match action:
            case "accept":
                reviews.accept(self.archive, row.row, **WHO)
            case "reject":
                reviews.reject(self.archive, row.row, **WHO)
            case "edit":
                reviews.edit(self.archive, row.row, [Span(start=piece.start, end=middle)], **WHO)
            case "speaker":
                reviews.set_speaker(self.archive, row.row, choice.draw(st.sampled_from(NAMES)), **WHO)
            case "nobody":
                reviews.set_speaker(self.archive, row.row, None, **WHO)
            case "polarity":
                reviews.set_polarity(self.archive, row.row, "not_said", **WHO)
            case "split":
                try:
                    reviews.split(
                        self.archive, row.row, [[Span(start=piece.start, end=middle)], [Span(start=middle, end=piece.end)]], **WHO
                    )
                except (ArchiveError, ValueError):
                    return
        self.events += 1

    @precondition(lambda self: len(self.shown()) > 1)
    @rule(choice=st.data())
    def merge_statements(self, choice: st.DataObject) -> None:
        rows = choice.draw(st.lists(st.sampled_from([row.row for row in self.shown()]), min_size=2, max_size=3, unique=True))
        try:
            reviews.merge(self.archive, rows, **WHO)
        except ArchiveError:
            return
        self.events += 1

    @precondition(lambda self: self.events)
    @rule(choice=st.data())
    def undo_review(self, choice: st.DataObject) -> None:
        number = choice.draw(st.integers(1, self.events))
        standing = {review.number for review in reviews.reviews(self.archive) if review.active}
        try:
            reviews.undo(self.archive, number, **WHO)
        except ArchiveError as error:
            refused = number not in standing or "undo that first" in error.reason
            assert refused, error  # noqa: PT017
            return
        self.events += 1

    @rule()
    def import_people(self) -> None:
        import_people(self.archive, TABLE, **WHO)

    @rule(who=st.sampled_from([*NAMES, "Q1", "Q2"]), other=st.sampled_from([*NAMES, "Q1", "Q2"]))
    def merge_people(self, who: str, other: str) -> None:
        try:
            people_changes.merge(self.archive, who, other, **WHO)
        except ArchiveError:
            return
        self.apart = {(name, id) for name, id in self.apart if self._told_apart(name, id)}

    @rule(who=st.sampled_from([*NAMES, "Q1", "Q2"]), name=st.sampled_from(NAMES))
    def split_people(self, who: str, name: str) -> None:
        try:
            before = people_changes._person(self.archive, who).person.id
            people_changes.split(self.archive, who, [name], **WHO)
        except ArchiveError:
            return
        self.apart.add((name, before))

    @precondition(lambda self: any(change.undone is None and change.action != "undo" for change in changes(self.archive)))
    @rule()
    def undo_people(self) -> None:
        state = self.archive.rows("SELECT id, person FROM speakers"), self.archive.rows("SELECT * FROM people")
        try:
            people_changes.undo(self.archive, **WHO)
        except ArchiveError:
            assert (self.archive.rows("SELECT id, person FROM speakers"), self.archive.rows("SELECT * FROM people")) == state
            return
        self.apart = {(name, id) for name, id in self.apart if self._told_apart(name, id)}

    def _told_apart(self, name: str, id: str) -> bool:
        return self.archive.row("SELECT 1 FROM apart WHERE plain = ? AND person = ?", (name.lower(), id)) is not None

    @invariant()
    def no_review_is_undone_in_silence(self) -> None:
        found = reviews.reviews(self.archive)
        assert [review.number for review in found] == list(range(1, self.events + 1))
        last: dict[int, str] = {}
        for review in found:
            if review.active and review.action in DECIDING:
                for target in (review.target, *review.value.get("others", ())):
                    last[target] = DECIDING[review.action]
        for target, status in last.items():
            [(row, made_by, report)] = self.archive.rows("SELECT statement, made_by, report FROM targets WHERE id = ?", (target,))
            current = self.archive.report(report)
            assert current is not None
            if row is not None:
                assert self.archive.rows("SELECT status FROM statements WHERE id = ?", (row,))[0][0] in (status, "superseded")
            else:
                undone = made_by is not None and not next(review for review in found if review.number == made_by).active
                anchors = self.archive.rows(
                    "SELECT json_extract(value, '$.exact') FROM targets, json_each(anchors) WHERE targets.id = ?", (target,)
                )
                places = [current.article.text.find(words) for (words,) in anchors]
                gone = -1 in places or sorted(set(places)) != places
                assert undone or gone or any(current.article.text.count(words) > 1 for (words,) in anchors)

    @invariant()
    def what_was_split_stays_apart(self) -> None:
        for name, id in self.apart:
            together = self.archive.rows("SELECT 1 FROM speakers WHERE name = ? AND person = ?", (name, id))
            assert not together or not self._told_apart(name, id)

    @invariant()
    def everyone_leads_to_somebody(self) -> None:
        for (id,) in self.archive.rows("SELECT id FROM people"):
            found = person(self.archive, id)
            assert found is not None and found.person.id not in found.merged
        assert not self.archive.rows("SELECT 1 FROM people AS a JOIN people AS b ON a.merged_into = b.id WHERE b.merged_into IS NOT NULL")
        assert not self.archive.rows("SELECT 1 FROM speakers JOIN people ON people.id = speakers.person WHERE merged_into IS NOT NULL")

    @invariant()
    def the_record_is_whole(self) -> None:
        assert verify(self.archive).problems == ()


Promises.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestPromises = Promises.TestCase
