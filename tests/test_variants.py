"""Variants: what is the same words is paired, laid side by side and gathered; what is not is kept apart."""

import datetime
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.variants import Pair, Passage, clusters, copies, drift, pairs, sketch
from quoth.variants.alignment import align
from quoth.variants.grams import Postings, gram_keys, meetings
from quoth.variants.passages import agreement
from quoth.variants.tokens import tokens

DAY = datetime.date(2024, 3, 5)
WHOLE = "We will not raise the harbour tax before the winter, and the ferry to Port Ash stays free for every child in the county."
WORDS = st.lists(st.sampled_from("harbour ferry tax winter we will not the a of child county".split()), max_size=14)


def passage(id: str, words: str = WHOLE, *, speaker: str | None = "Ama Osei", days: int = 0, **known: object) -> Passage:
    made = Passage(id=id, report=f"report {id}", words=words, published=DAY + datetime.timedelta(days=days), speaker=speaker)
    return replace(made, **known)  # type: ignore[arg-type]


def only_pair(left: Passage, right: Passage) -> Pair | None:
    found = list(pairs([left, right]))
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (WHOLE, "same"),
        ("‘We won’t raise the harbor tax before the winter — and the ferry to Port Ash stays free for every child in the county!’", "same"),
        (WHOLE.replace("We", "[The council]"), "same"),
        ("[T]he ferry to Port Ash stays free", "fragment"),
        ("not raise the harbour tax", "fragment"),
        ("We will not raise the harbour tax … for every child in the county", "fragment"),
        (
            "We will not raise the harbour tax before the winter, and nobody should believe those who keep telling the papers we will.",
            "overlap",
        ),
    ],
)
def test_the_same_words_are_paired(words: str, kind: str) -> None:
    pair = only_pair(passage("a"), passage("b", words, days=2))
    assert pair is not None and (pair.left, pair.right, pair.kind, pair.speakers) == ("a", "b", kind, "same")
    assert 0 < pair.score <= 1 and pair.left_span.end <= len(WHOLE) and pair.right_span.end <= len(words)


@pytest.mark.parametrize(
    ("words", "days", "speaker"),
    [
        ("Schools in the county will open in May and not before.", 0, "Ama Osei"),
        ("the harbour", 0, "Ama Osei"),
        ("no", 0, "Ama Osei"),
        ("", 0, "Ama Osei"),
        ("?!", 0, "Ama Osei"),
        (WHOLE, 15, "Ama Osei"),
        ("not raise the harbour tax", 0, "Bo Lind"),
    ],
)
def test_others_are_not(words: str, days: int, speaker: str) -> None:
    assert only_pair(passage("a"), passage("b", words, days=days, speaker=speaker)) is None


def test_a_fragment_tells_its_place() -> None:
    pair = only_pair(passage("a"), passage("b", "the ferry to Port Ash stays free"))
    assert pair is not None and pair.left_span.slice(WHOLE) == "the ferry to Port Ash stays free"


def test_indirect_words_of_one_speaker_are_a_paraphrase() -> None:
    told = passage("b", "the ferry fares for children and the harbour tax: Port Ash sees no change until winter is over", quoted=False)
    pair = only_pair(passage("a"), told)
    assert pair is not None and pair.kind == "paraphrase"
    assert only_pair(passage("a"), replace(told, speaker=None)) is None
    assert only_pair(passage("a"), replace(told, quoted=True)) is None
    assert only_pair(passage("a"), replace(told, published=DAY + datetime.timedelta(days=4))) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ama Osei", "Osei", "same"),
        ("Ama Osei", "Ama", "unknown"),
        ("Ama Osei", "the mayor", "unknown"),
        ("the mayor", "the mayor", "unknown"),
        ("Ama Osei", None, "unknown"),
        ("Ama Osei", "Bo Lind", "different"),
    ],
)
def test_who_is_the_same(one: str, other: str | None, expected: str) -> None:
    assert agreement(passage("a", speaker=one), passage("b", speaker=other)) == expected
    assert agreement(passage("b", speaker=other), passage("a", speaker=one)) == expected


def test_a_person_goes_before_a_name() -> None:
    one, other = passage("a", person="p1"), passage("b", person="p2")
    assert agreement(one, other) == "different" and agreement(one, replace(other, speaker="Bo Lind", person="p1")) == "same"


def test_the_same_words_of_two_people_conflict_and_stay_apart() -> None:
    one, other = passage("a"), passage("b", speaker="Bo Lind")
    pair = only_pair(one, other)
    assert pair is not None and pair.conflict
    assert clusters([one, other], [pair]) == ()
    assert only_pair(one, replace(other, relays=True)) is None
    assert only_pair(one, replace(other, quoted=False)) is None


def test_one_unresolved_speaker_does_not_tie_two_people() -> None:
    three = [passage("a"), passage("b", speaker=None), passage("c", speaker="Bo Lind")]
    assert [len(cluster.members) for cluster in clusters(three, pairs(three))] == [2]


def test_a_short_fragment_does_not_tie_two_statements() -> None:
    other = "Nobody knows who will pay, but the ferry to Port Ash stays open on Sundays as it was."
    three = [passage("a"), passage("b", other, days=1), passage("c", "the ferry to Port Ash stays", days=2)]
    [cluster] = clusters(three, pairs(three))
    assert sorted((member.passage.id, member.role) for member in cluster.members) in (
        [("a", "whole"), ("c", "fragment")],
        [("b", "whole"), ("c", "fragment")],
    )


def test_a_phrase_of_several_speakers_proves_nothing_of_one_who_is_not_named() -> None:
    others = {
        "Ama Osei": "Who pays for the mayor of Port Ash?",
        "Bo Lind": "I was the mayor of Port Ash.",
        "Ida Rask": "Ask again",
    }
    said = [passage(name, words, speaker=name) for name, words in others.items()]
    part = passage("part", "the mayor of Port Ash", speaker=None)
    assert {pair.left for pair in pairs([*said, part])} == {"Ama Osei", "Bo Lind"}
    said[-1] = replace(said[-1], words="Only the mayor of Port Ash can ask for that.")
    assert not list(pairs([*said, part]))
    assert len(list(pairs([*said, replace(part, speaker="Bo Lind")]))) == 1


def test_a_fragment_is_one_also_where_others_have_the_same() -> None:
    said = [passage("a"), *(passage(id, "the ferry to Port Ash stays free", days=1) for id in "bcd")]
    [cluster] = clusters(said, pairs(said))
    assert [member.role for member in cluster.members] == ["whole", "fragment", "fragment", "fragment"]


def test_a_statement_begins_with_the_earliest_and_copies_count_once() -> None:
    said = [
        passage("old", days=-3),
        *(passage(f"wire {number}") for number in range(5)),
        passage("part", "the ferry to Port Ash stays free", days=1),
    ]
    [cluster] = clusters(reversed(said), pairs(said))
    assert cluster.earliest.id == "old" and len(cluster.members) == 7
    assert cluster.witnesses({f"report wire {number}": "report wire 0" for number in range(5)}) == 3


def test_taking_a_pair_away_takes_a_statement_apart() -> None:
    two = [passage("a"), passage("b")]
    [pair] = pairs(two)
    assert len(clusters(two, [pair])) == 1 and clusters(two, []) == ()


def test_what_is_set_apart_is_tied_by_no_third() -> None:
    three = [passage("a"), passage("b", WHOLE[:-20]), passage("c", WHOLE[3:])]
    found = list(pairs(three))
    assert len(found) == 3 and [len(cluster.members) for cluster in clusters(three, found)] == [3]
    without = [pair for pair in found if {pair.left, pair.right} != {"a", "b"}]
    [cluster] = clusters(three, without, apart=[("b", "a")])
    assert len(cluster.members) == 2


def test_without_a_day_all_are_compared() -> None:
    undated = replace(passage("a"), published=None)
    said = [undated, passage("b", days=-400), passage("c", days=400)]
    assert {(pair.left, pair.right) for pair in pairs(said)} == {("a", "b"), ("a", "c")}
    with pytest.raises(ValueError, match="by the day"):
        list(pairs(reversed(said)))


@given(st.lists(WORDS, min_size=2, max_size=8), st.data())
def test_in_two_goes_the_same_statements_as_in_one(wordings: list[list[str]], data: st.DataObject) -> None:
    said = [passage(str(number), " ".join(words), days=number // 2) for number, words in enumerate(wordings)]
    first = data.draw(st.sets(st.sampled_from([one.id for one in said])))
    before = list(pairs(one for one in said if one.id in first))
    after = list(pairs(said, fresh=lambda id: id not in first))
    once = _joined(said, list(pairs(said)))
    assert _joined(said, before + after) == once


def _joined(said: list[Passage], found: list[Pair]) -> set[frozenset[str]]:
    """Which passages hang together by pairs of the same words, the plainest way."""
    groups = {one.id: {one.id} for one in said}
    for pair in found:
        if pair.kind != "paraphrase":
            both = groups[pair.left] | groups[pair.right]
            groups |= dict.fromkeys(both, both)
    return {frozenset(group) for group in groups.values()}


@given(WORDS, WORDS)
def test_an_alignment_holds_only_shared_words_in_order(left: list[str], right: list[str]) -> None:
    alignment = align(left, right)
    here = there = 0
    for left_start, right_start, size in alignment.runs:
        assert left_start >= here and right_start >= there and size > 0
        assert left[left_start : left_start + size] == right[right_start : right_start + size]
        here, there = left_start + size, right_start + size
    turned = align(right, left)
    assert len(left) == len(right) or turned.matched == alignment.matched


@given(st.text(max_size=80))
def test_every_word_stands_in_its_text(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.span.start and token.span.end <= len(text)
        end = token.span.end


@given(st.lists(WORDS, max_size=12))
def test_meetings_are_those_of_plain_sets(passages: list[list[str]]) -> None:
    postings = Postings.of(*gram_keys(passages))
    grams = [{tuple(words[start : start + 4]) for start in range(len(words) - 3)} for words in passages]
    expected = [[a, b, len(x & y)] for a, x in enumerate(grams) for b, y in enumerate(grams) if x & y]
    assert meetings(postings, postings).tolist() == expected


def test_by_a_frequent_key_each_meets_the_first_few() -> None:
    postings = Postings.of(*gram_keys([["a", "b", "c", "d"]] * 20))
    assert len(meetings(postings, postings, frequent=20)) == 400 and len(meetings(postings, postings, frequent=19)) == 80


def test_the_words_of_the_day_are_one_statement_however_many_wordings_there_are() -> None:
    said = [passage(str(number), f"{WHOLE} It is line {number}.") for number in range(300)]
    [cluster] = clusters(said, pairs(said))
    assert len(cluster.members) == 300


def test_words_repeated_without_end_are_read_in_no_time() -> None:
    long = "harbour tax winter " * 100_000
    assert only_pair(passage("a", long), passage("b", f"ferry {long}")) is not None


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [
        ("We won’t pay.", "“We will not pay”", []),
        ("It rose by 5% to 1,200.", "it rose by five per cent to 1200", []),
        ("We will pay them all", "We will not pay them all", [("added", "", "not", ("negation",))]),
        ("We can pay them all today", "We must pay them all today", [("replaced", "can", "must", ("modal",))]),
        ("It cost us 12 million crowns", "It cost us 20 million crowns", [("replaced", "12", "20", ("number",))]),
        ("He told them to leave at once", "[The minister] told them to leave at once", [("replaced", "He", "[The minister]", ("aside",))]),
        ("the colour of the old harbour wall", "the color of the old harbour wall", [("replaced", "colour", "color", ("spelling",))]),
        ("all of the ships were lost at sea", "all the ships were lost at sea", [("dropped", "of", "", ("function",))]),
        ("the big storm took the roof off", "the great storm took the roof off", [("replaced", "big", "great", ("word",))]),
        ("one two three", "nothing alike", []),
    ],
)
def test_drift(left: str, right: str, edits: list[tuple[str, str, str, tuple[str, ...]]]) -> None:
    shown = [(edit.kind, edit.left.strip("[]"), edit.right.strip("[]"), edit.classes) for edit in drift(left, right).edits]
    assert shown == [(kind, before, after.strip("[]"), classes) for kind, before, after, classes in edits]


def test_what_was_cut_is_no_drift() -> None:
    changes = drift(WHOLE, "The ferry to Port Ash is free for every child")
    assert changes.left_span is not None and changes.left_span.slice(WHOLE) == "the ferry to Port Ash stays free for every child"
    assert [(edit.left, edit.right) for edit in changes.edits] == [("stays", "is")]


@given(st.text(max_size=60), st.text(max_size=60))
def test_every_edit_stands_in_its_wording(left: str, right: str) -> None:
    for edit in drift(left, right).edits:
        assert edit.left == (edit.left_span.slice(left) if edit.left_span else "")
        assert edit.right == (edit.right_span.slice(right) if edit.right_span else "")


def test_copies_of_an_article_are_found_whole_and_cut() -> None:
    chance = random.Random(7)
    words = [f"word{chance.randrange(3000)}" for _ in range(300)]
    other = [f"word{chance.randrange(3000)}" for _ in range(300)]
    texts = {"wire": " ".join(words), "cut": " ".join(words[:200]), "edited": " ".join(words[:400] + other[:60]), "other": " ".join(other)}
    found = copies({report: sketch(text) for report, text in texts.items()})
    assert found == {"wire": "wire", "cut": "wire", "edited": "wire", "other": "other"}
