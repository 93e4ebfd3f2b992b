"""Did somebody say this? The statements of an archive whose words are nearest to some words, and how they differ.

The answer is about reports: that an archive has no such words does not tell that nobody said them.
"""

import datetime
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from quoth.alerts.receipts import Receipt, receipt_of
from quoth.archive import Archive, Hit
from quoth.archive.paging import DEADLINE
from quoth.archive.people import called
from quoth.archive.search import search
from quoth.archive.selecting import NAME, speakers_called
from quoth.errors import QueryError
from quoth.variants.alignment import align
from quoth.variants.drift import Drift, drift
from quoth.variants.passages import Passage, agreement
from quoth.variants.tokens import FUNCTION, spoken_words, telling

Verdict = Literal["same_words", "other_words", "flagged_words", "negated", "other_speaker", "unresolved", "not_found"]
"""The speaker is reported with these very words; with words much like them; with words much like them but for a number,
a negation or a modal verb, which may turn the meaning; as denying them, or as not having said them; somebody else is reported with them;
somebody is who may be the speaker or not; nobody is. Where nobody was asked for, anybody is the speaker."""
Match = Literal["same", "altered", "far"]
"""The very words asked for, in a row; most of them; fewer, so that it is only the nearest that there is."""
Who = Literal["asked", "unresolved", "other"]
MOST_CHARACTERS = 2000
"""Characters that may be asked for."""
ALTERED = 0.6
"""Share of the words asked for, and of those among them that tell something, that an altered quotation must have in order."""
MOST_PHRASES, MOST_WORDS, MOST_LETTERS = 20, 6, 30
"""Phrases of three words that are searched for, and long words; no letters more in any of them, so that the query is short enough."""
CANDIDATES = 200
"""Statements of one search that are compared."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A statement laid beside the words asked for.

    `score` is the share of these that it has, in their order. `changes` lead from the statement's words to those asked for; what the
    statement says before and after them is no change. `who` is None if no speaker was asked for.
    """

    receipt: Receipt
    match: Match
    score: float
    who: Who | None
    changes: Drift


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The verdict, and what it rests on: the nearest statements, the best first. `known` tells whether the archive has that speaker."""

    verdict: Verdict
    found: tuple[Quoted, ...]
    known: bool


def verify_quotation(
    archive: Archive,
    words: str,
    *,
    speaker: str | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    limit: int = 5,
    deadline: float = DEADLINE,
) -> Verification:
    """Whether an archive has reports that somebody said these words: the statement whose words match best, and how they differ.

    `speaker` is a name or id as for `quoth.archive.search`; `since` and `until` are days of reports. Of statements that match alike those
    of the speaker come first, then those that were said, then the earliest. Raises QueryError if there are no words, or over 2,000
    characters, or no answer within the deadline of so many seconds for each of four searches; ArchiveError, also if the name may be that
    of several people.
    """
    asked = spoken_words(words)
    if not asked or len(words) > MOST_CHARACTERS:
        raise QueryError(f"ask for one word at least, and for {MOST_CHARACTERS:,} characters at most", concerns="the quotation")
    with archive.snapshot():
        numbers = None if speaker is None else speakers_called(archive, speaker)
        hits = {
            hit.row: hit
            for query in _queries(words)
            for name in dict.fromkeys((speaker, None) if numbers else (None,))
            for hit in search(archive, query, speaker=name, since=since, until=until, sort="rank", limit=CANDIDATES, deadline=deadline).hits
        }
        own = _spoken_by(archive, hits, numbers or ())
        somebody = None if speaker is None else _passage_of(archive, speaker)
        measured = [(*_measured(asked, hit.words), _who(hit, own, somebody), hit) for hit in hits.values()]
        nearest = sorted((one for one in measured if one[1]), key=_order)[: max(1, limit)]
        found = tuple(_quoted(archive, words, *one) for one in nearest)
    return Verification(verdict=_verdict(found), found=found, known=numbers is None or bool(numbers))


def _queries(words: str) -> Iterator[str]:
    """What may find the statement: runs of three of its words, some of which a changed word leaves whole; any two of its longest words.

    Long words are rare ones: single words, or short ones, are in so many statements that ranking them takes seconds.
    """
    plain = [word for word in _WORD.findall(words) if len(word) <= MOST_LETTERS]
    runs = [plain[place : place + 3] for place in range(max(1, len(plain) - 2))]
    runs = [run for run in runs if not FUNCTION.issuperset(word.lower() for word in run)] or runs
    phrases = [f'"{" ".join(run)}"' for run in _spread(runs, MOST_PHRASES) if run]
    long = sorted({word.lower() for word in plain} - FUNCTION, key=lambda word: (-len(word), word))[:MOST_WORDS]
    single = [f'"{word}"' for word in long]
    pairs = [f"({one} {other})" for one, other in combinations(single, 2)] or single
    yield from (" OR ".join(terms) for terms in (phrases, pairs) if terms)


def _spread(runs: Sequence[list[str]], most: int) -> Sequence[list[str]]:
    """At most so many of them, from all over."""
    return runs[:: -(-len(runs) // most)]


def _spoken_by(archive: Archive, rows: dict[int, Hit], speakers: Sequence[int]) -> set[int]:
    """Those rows that one of the speakers said."""
    sql = "SELECT id FROM statements WHERE id IN (SELECT value FROM json_each(?)) AND speaker IN (SELECT value FROM json_each(?))"
    return {row for (row,) in archive.rows(sql, (json.dumps(list(rows)), json.dumps(speakers)))}


def _passage_of(archive: Archive, speaker: str) -> Passage:
    """The speaker who is asked for, as the speaker of a passage."""
    known = called(archive, speaker)
    person, name = (known.person.id, known.person.name) if known else (None, speaker.removeprefix(NAME))
    return Passage(id="", report="", words="", speaker=name, person=person)


def _who(hit: Hit, own: set[int], somebody: Passage | None) -> Who | None:
    """Whether a statement is of who is asked for; a name that may be his, but need not, is unresolved."""
    if somebody is None:
        return None
    if hit.row in own:
        return "asked"
    passage = Passage(id=hit.id, report=str(hit.report), words=hit.words, speaker=hit.person_name or hit.speaker, person=hit.person)
    return "other" if agreement(somebody, passage) == "different" else "unresolved"


def _measured(asked: Sequence[str], words: str) -> tuple[Match, float]:
    """How near a statement's words are to those asked for.

    >>> [_measured(spoken_words("We will never close the harbour"), words) for words in
    ...  ("“We’ll never close the harbour,”", "We will close the harbour", "The harbour is closed")]
    [('same', 1.0), ('altered', 0.833), ('far', 0.333)]
    """
    own = spoken_words(words)
    if f" {' '.join(asked)} " in f" {' '.join(own)} ":
        return "same", 1.0
    shared = align(asked, own)
    both = [word for start, _, size in shared.runs for word in asked[start : start + size]]
    score, tells = shared.covers[0], telling(tuple(asked))
    near = score >= ALTERED and bool(tells) and len(telling(tuple(both))) >= ALTERED * len(tells)
    return "altered" if near else "far", round(score, 3)


_NEAR: dict[Match, int] = {"same": 0, "altered": 1, "far": 2}
_HIS: dict[Who | None, int] = {None: 0, "asked": 0, "unresolved": 1, "other": 2}


def _order(one: tuple[Match, float, Who | None, Hit]) -> tuple[object, ...]:
    match, score, who, hit = one
    return _NEAR[match], -score, _HIS[who], hit.polarity == "not_said", hit.published or datetime.date.max, hit.row


def _quoted(archive: Archive, words: str, match: Match, score: float, who: Who | None, hit: Hit) -> Quoted:
    row = archive.statement(hit.row)
    assert row is not None, "the snapshot holds it"
    return Quoted(receipt=receipt_of(archive, row), match=match, score=score, who=who, changes=drift(hit.words, words))


def _verdict(found: Sequence[Quoted]) -> Verdict:
    best = next((one for one in found if one.match != "far"), None)
    if best is None:
        return "not_found"
    if best.who in ("other", "unresolved"):
        return "unresolved" if best.who == "unresolved" else "other_speaker"
    if best.receipt.negated:
        return "negated"
    return "same_words" if best.match == "same" else "flagged_words" if best.changes.flags else "other_words"
