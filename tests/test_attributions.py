"""Candidates and marks to attributions: cases with candidates made by hand, and what holds for any."""

from hypothesis import given
from hypothesis import strategies as st

from quoth.attributions import attributions
from quoth.marks import quotations
from quoth.types import Attribution, Candidate, Span


def span(text: str, words: str, occurrence: int = 0) -> Span:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(words, start + 1)
    return Span(start=start, end=start + len(words))


def candidate(text: str, cue: str, contents: list[str], source: str | None = None, score: float = 0.9, occurrence: int = 0) -> Candidate:
    anchor = span(text, cue, occurrence)
    return Candidate(
        anchor=anchor,
        content=tuple(span(text, words) for words in contents),
        cue=anchor,
        source=None if source is None else span(text, source),
        score=score,
        content_score=1.0,
        source_score=0.9,
    )


def read(text: str, *candidates: Candidate) -> tuple[Attribution, ...]:
    return attributions(text, candidates, quotations(text))


def contents(text: str, found: tuple[Attribution, ...]) -> list[list[str]]:
    return [[piece.slice(text) for piece in attribution.content] for attribution in found]


def test_a_certain_mark_is_the_better_edge() -> None:
    text = '"We leave at dawn and not before," Ada Osei said.'
    found = read(text, candidate(text, "said", ["leave at dawn and"], "Ada Osei"))
    assert contents(text, found) == [['"We leave at dawn and not before,"']]
    assert found[0].repairs == ("mark_edge",)
    assert found[0].kind == "direct"


def test_an_uncertain_mark_is_no_edge() -> None:
    text = '"We leave at dawn, Ada Osei said on the quay.'
    found = read(text, candidate(text, "said", ["We leave at dawn"], "Ada Osei"))
    assert contents(text, found) == [["We leave at dawn"]]


def test_a_split_quotation_is_one_attribution() -> None:
    text = '"It rains," Ada Osei said. "It will rain tomorrow too."'
    found = read(text, candidate(text, "said", ['"It rains,"'], "Ada Osei"))
    assert contents(text, found) == [['"It rains,"', '"It will rain tomorrow too."']]
    assert "joined" in found[0].repairs


def test_a_quotation_with_a_cue_of_its_own_is_not_joined() -> None:
    text = '"It rains," Ada Osei said. "It will rain tomorrow too," Bo Lind added.'
    found = read(
        text,
        candidate(text, "said", ['"It rains,"'], "Ada Osei"),
        candidate(text, "added", ['"It will rain tomorrow too,"'], "Bo Lind", score=0.12),
    )
    assert [attribution.source and attribution.source.slice(text) for attribution in found] == ["Ada Osei", "Bo Lind"]


def test_a_quotation_that_runs_on_in_its_own_paragraph_joins_the_one_before() -> None:
    text = '"It rains here," Ada Osei said.\n\n"It has rained since the spring and nobody minds."'
    found = read(text, candidate(text, "said", ['"It rains here,"'], "Ada Osei"))
    assert contents(text, found) == [['"It rains here,"', '"It has rained since the spring and nobody minds."']]


def test_a_paragraph_in_marks_without_anyone_stands_alone() -> None:
    text = 'The hall was full.\n\n"Nobody told us that the band had gone home."\n\nThe lights went out.'
    (found,) = read(text)
    assert (found.cue, found.source, found.kind) == (None, None, "direct")


def test_a_title_in_marks_is_no_statement() -> None:
    text = 'He wrote "The Long Wet" in a shed.'
    assert read(text) == ()


def test_that_and_loose_punctuation_are_no_content() -> None:
    text = "Ada Osei said that, in the end, it rained."
    found = read(text, candidate(text, "said", ["that, in the end, it rained."], "Ada Osei"))
    assert contents(text, found) == [["in the end, it rained"]]


def test_a_statement_within_a_statement_names_its_parent() -> None:
    text = "Ada Osei said Bo Lind told her it rained."
    found = read(
        text,
        candidate(text, "said", ["Bo Lind told her it rained"], "Ada Osei"),
        candidate(text, "told", ["it rained"], "Bo Lind"),
    )
    assert [attribution.parent for attribution in found] == [None, 0]


def test_of_two_readings_of_one_content_the_surer_stays() -> None:
    text = "Ada Osei said in a statement that it rained."
    found = read(
        text,
        candidate(text, "said", ["it rained"], "Ada Osei", score=0.9),
        candidate(text, "statement", ["it rained"], None, score=0.5),
    )
    assert len(found) == 1
    assert found[0].cue is not None and found[0].cue.slice(text) == "said"


def test_turns_of_an_interview() -> None:
    text = "Q: Why now?\n\nA: Because of my knees.\n\nThey went first.\n\nQ: And then?\n\nA: Then the rest."
    found = read(text)
    assert [(a.source and a.source.slice(text), [p.slice(text) for p in a.content]) for a in found] == [
        ("Q", ["Why now?"]),
        ("A", ["Because of my knees.", "They went first."]),
        ("Q", ["And then?"]),
        ("A", ["Then the rest."]),
    ]


def test_a_signature_names_the_source() -> None:
    text = "“The sea gives back what it likes.”\n— Ama Osei, harbour master\n\nThe tide turned."
    (found,) = read(text)
    assert found.source is not None and found.source.slice(text) == "Ama Osei, harbour master"
    assert found.cue is not None and found.cue.slice(text) == "—"


PIECES = st.sampled_from(
    ['"', "“", "”", "‘", "’", "''", "said", "she", "that", " ", "\n\n", ",", ".", "rain", "Q: ", "A: ", "— Ada", "🌧", "\u0301"]
)


@given(st.lists(PIECES, max_size=60).map("".join), st.data())
def test_any_candidates_over_any_text(text: str, choice: st.DataObject) -> None:
    """Whatever the tagger proposes, every span slices back, pieces are ordered, and parents exist."""

    def spans() -> st.SearchStrategy[Span]:
        places = st.integers(0, max(0, len(text) - 1))
        return st.tuples(places, st.integers(1, 30)).map(lambda pair: Span(start=pair[0], end=min(len(text), pair[0] + pair[1])))

    candidates = []
    if text:
        for _ in range(choice.draw(st.integers(0, 4))):
            pieces = sorted(choice.draw(st.lists(spans(), max_size=3)))
            disjoint = [piece for index, piece in enumerate(pieces) if all(other.end <= piece.start for other in pieces[:index])]
            source = choice.draw(st.none() | spans())
            candidates.append(
                Candidate(
                    anchor=choice.draw(spans()),
                    content=tuple(disjoint),
                    cue=choice.draw(st.none() | spans()),
                    source=source,
                    score=0.9,
                    content_score=0.8,
                    source_score=0.7,
                )
            )
    found = attributions(text, candidates, quotations(text))
    for index, attribution in enumerate(found):
        assert all(0 <= piece.start < piece.end <= len(text) for piece in attribution.content)
        assert attribution.parent is None or (0 <= attribution.parent < len(found) and attribution.parent != index)
        assert all(piece.slice(text).strip() for piece in attribution.content)


def test_a_quotation_over_two_paragraphs_is_one_content() -> None:
    text = 'Ada Osei was firm. "It rains," she said. "And it pours.\n\n"It has never stopped."'
    found = read(text, candidate(text, "said", ['"It rains,"', '"And it pours.'], "she"))
    assert contents(text, found) == [['"It rains,"', '"And it pours.', '"It has never stopped."']]


def test_a_dateline_is_nobodys_words() -> None:
    for line in ("QUAY CITY (Global Desk) - ", "SANDMOUTH — ", "PORT ELM, Oct. 13 — "):
        text = line + "The ferry will stop, Ada Osei said."
        found = read(text, candidate(text, "said", [line + "The ferry will stop"], "Ada Osei"))
        assert contents(text, found) == [["The ferry will stop"]]


def test_two_quotations_side_by_side_each_go_to_the_cue_before_them() -> None:
    text = 'Ada Osei told the radio "We leave at dawn." Bo Lind, a pilot, told the paper "We stay at home."'
    quotes = ['"We leave at dawn."', '"We stay at home."']
    found = read(text, candidate(text, "told", quotes, "Ada Osei"), candidate(text, "told", quotes, "Bo Lind, a pilot", occurrence=1))
    assert contents(text, found) == [[quotes[0]], [quotes[1]]]
    assert [attribution.source and attribution.source.slice(text) for attribution in found] == ["Ada Osei", "Bo Lind, a pilot"]


def test_within_a_quotation_inner_marks_hold_all_that_was_told() -> None:
    text = '"The clerk said, ‘Come back.’ I never did," Ada Osei said.'
    found = read(
        text,
        candidate(text, "said", ["‘Come back.’ I never did"], "The clerk"),
        candidate(text, "said", ['"The clerk said, ‘Come back.’ I never did,"'], "Ada Osei", occurrence=1),
    )
    assert ["‘Come back.’"] in contents(text, found)


def test_a_sentence_behind_the_last_mark_is_the_reporters() -> None:
    text = 'Ada Osei said: "We leave at dawn." The quay was empty.'
    found = read(text, candidate(text, "said", ['"We leave at dawn." The quay was empty'], "Ada Osei"))
    assert contents(text, found) == [['"We leave at dawn."']]


def test_what_a_reporter_sets_against_a_statement_is_not_part_of_it() -> None:
    text = "Ada Osei said the quay is safe, although Bo Lind warned that it may sink."
    outer = candidate(text, "said", ["the quay is safe, although Bo Lind warned that it may sink"], "Ada Osei")
    found = read(text, outer, candidate(text, "warned", ["it may sink"], "Bo Lind"))
    assert contents(text, found) == [["the quay is safe"], ["it may sink"]]
    assert [attribution.parent for attribution in found] == [None, None]


def test_a_piece_that_is_anothers_statement_goes_to_the_other() -> None:
    text = 'Ada Osei said of the quay: "It is safe"; Bo Lind warned that it may sink.'
    outer = candidate(text, "said", ['"It is safe"', "Bo Lind warned that it may sink"], "Ada Osei")
    found = read(text, outer, candidate(text, "warned", ["it may sink"], "Bo Lind"))
    assert contents(text, found) == [['"It is safe"'], ["it may sink"]]


def test_what_a_speaker_sets_against_a_statement_within_marks_stays() -> None:
    text = '"The quay is safe, although Bo Lind warned that it may sink," Ada Osei said.'
    outer = candidate(text, "said", ['"The quay is safe, although Bo Lind warned that it may sink,"'], "Ada Osei")
    found = read(text, outer, candidate(text, "warned", ["it may sink"], "Bo Lind"))
    assert [attribution.parent for attribution in found] == [None, 0]


def test_a_clause_behind_a_quotation_is_the_reporters() -> None:
    text = 'The minister said "We could not win," and the flag hangs low.'
    found = read(text, candidate(text, "said", ['"We could not win," and the flag hangs low'], "The minister"))
    assert contents(text, found) == [['"We could not win,"']]
    text = 'She spoke of "a bad year" and a worse one.'
    found = read(text, candidate(text, "spoke", ['"a bad year" and a worse one'], "She"))
    assert contents(text, found) == [['"a bad year" and a worse one']]


def sources(text: str, found: tuple[Attribution, ...]) -> list[str | None]:
    return [attribution.source and attribution.source.slice(text) for attribution in found]


def test_a_frame_names_the_source_that_the_model_missed() -> None:
    for text, cue, source in (
        ('"Which ferry?" mumbled the purser.', "mumbled", "the purser"),
        ('"Which ferry?" the message asked.', "asked", "the message"),
        ('"We leave," said Ada Osei on Monday.', "said", "Ada Osei"),
    ):
        quoted = text[: text.rindex('"') + 1]
        assert sources(text, read(text, candidate(text, cue, [quoted]))) == [source]


def test_no_frame_names_what_stands_with_more() -> None:
    text = '"We leave," said in the harbour the purser of the ferry.'
    assert sources(text, read(text, candidate(text, "said", ['"We leave,"']))) == [None]


def test_what_is_added_has_the_source_of_the_main_clause() -> None:
    text = "Captain Ada Osei defended the choice to leave out Bo Lind, saying he was tired."
    found = read(
        text,
        candidate(text, "defended", ["the choice to leave out Bo Lind"], "Captain Ada Osei"),
        candidate(text, "saying", ["he was tired"], "Bo Lind"),
    )
    assert sources(text, found) == ["Captain Ada Osei", "Captain Ada Osei"]


def test_the_subject_of_a_cue_is_no_content() -> None:
    text = "The club announced via the radio that it was over."
    assert read(text, candidate(text, "announced", ["The club"])) == ()
    text = "The club was said to be broke."
    assert len(read(text, candidate(text, "was said", ["The club"]))) == 1


def test_a_content_runs_into_the_quotation_that_goes_on_from_it() -> None:
    text = 'Osei told the paper that the pump had stopped "and nobody knew why."'
    found = read(text, candidate(text, "told", ["the pump had stopped"], "Osei"))
    assert contents(text, found) == [['the pump had stopped "and nobody knew why."']]


def test_a_piece_that_goes_on_from_a_content_stays_with_it() -> None:
    text = 'Osei told the paper the pump had stopped again "and nobody knew why." Lind said a valve was stuck.'
    quoted = '"and nobody knew why."'
    found = read(
        text,
        candidate(text, "told", ["the pump had stopped again " + quoted, "a valve was stuck"], "Osei"),
        candidate(text, "said", [quoted, "a valve was stuck"], "Lind"),
    )
    assert contents(text, found) == [["the pump had stopped again " + quoted], ["a valve was stuck"]]


def test_the_subject_of_a_passive_says_nothing() -> None:
    text = "Ada Osei was asked whether the ferry runs."
    assert sources(text, read(text, candidate(text, "was asked", ["whether the ferry runs"], "Ada Osei"))) == [None]
    text = 'In the harbour she was told by Captain Bo Lind "not to wait".'
    assert sources(text, read(text, candidate(text, "was told", ['"not to wait"'], "she"))) == ["Captain Bo Lind"]
    text = "Ada Osei was certain that the ferry runs."
    assert sources(text, read(text, candidate(text, "was certain", ["the ferry runs"], "Ada Osei"))) == ["Ada Osei"]


def test_of_whom_something_is_reported_opens_the_content() -> None:
    text = "The purser is reported to have jumped."
    found = read(text, candidate(text, "is reported", ["to have jumped"], "The purser"))
    assert (sources(text, found), contents(text, found)) == ([None], [["The purser", "to have jumped"]])
    text = "Pursers were reported by Ada Osei to have jumped."
    found = read(text, candidate(text, "were reported", ["Pursers", "to have jumped"], "Ada Osei"))
    assert sources(text, found) == ["Ada Osei"]


def test_no_source_begins_a_sentence_behind_its_cue() -> None:
    text = "The ferry was announced to have sunk. Minister Ada Osei wept."
    assert sources(text, read(text, candidate(text, "was announced", ["The ferry", "to have sunk"], "Minister Ada Osei"))) == [None]
    text = "“A long way home.” ― Oscar P. Lind"
    assert sources(text, read(text, candidate(text, "―", ["“A long way home.”"], "Oscar P. Lind"))) == ["Oscar P. Lind"]


def test_what_somebody_did_behind_a_quotation_is_no_content() -> None:
    text = 'The purser described the ferry as "sound", and left by the bow.'
    found = read(text, candidate(text, "described", ['the ferry as "sound", and left by the bow'], "The purser"))
    assert contents(text, found) == [['the ferry as "sound"']]
    text = 'The purser described the ferry as "sound", and rather old.'
    found = read(text, candidate(text, "described", ['the ferry as "sound", and rather old'], "The purser"))
    assert contents(text, found) == [['the ferry as "sound", and rather old']]


def test_whom_inner_words_are_told_is_no_part_of_them() -> None:
    text = '"The clerk told me, ‘Come back.’ I never did," Ada Osei said.'
    found = read(
        text,
        candidate(text, "told", ["me, ‘Come back.’ I never did"], "The clerk"),
        candidate(text, "said", ['"The clerk told me, ‘Come back.’ I never did,"'], "Ada Osei"),
    )
    assert ["‘Come back.’"] in contents(text, found)


def test_a_question_is_what_somebody_wanted_to_know() -> None:
    text = "“Which ferry?” the purser wanted to know."
    for content in (["to know"], ["“Which ferry?”", "to know"]):
        found = read(text, candidate(text, "wanted", content, "the purser"))
        assert contents(text, found) == [["“Which ferry?”"]]
        assert found[0].cue is not None
        assert found[0].cue.slice(text) == "wanted to know"
    text = "The purser wanted to know."
    assert contents(text, read(text, candidate(text, "wanted", ["to know"], "The purser"))) == [["to know"]]


def test_a_noun_that_looks_like_an_auxiliary_belongs_to_the_source() -> None:
    text = "Her will directs that the boat be sold."
    found = read(text, candidate(text, "will directs", ["the boat be sold"], "Her"))
    assert sources(text, found) == ["Her will"]
    text = "Osei will discuss the boat."
    assert sources(text, read(text, candidate(text, "will discuss", ["the boat"], "Osei"))) == ["Osei"]


def test_the_day_of_a_refusal_is_no_end_of_its_cue() -> None:
    text = "Osei declined on Monday to say how many ferries ran."
    found = read(text, candidate(text, "declined on Monday", ["to say how many ferries ran"], "Osei"))
    assert contents(text, found) == [["how many ferries ran"]]


def test_a_description_behind_a_verb_holds_the_name_behind_it() -> None:
    text = "“Eight,” corrected his wife, Jean. Osei thought so too."
    assert sources(text, read(text, candidate(text, "corrected", ["“Eight,”"], "his wife"))) == ["his wife, Jean"]
    text = "“Eight,” corrected his wife, who counts."
    assert sources(text, read(text, candidate(text, "corrected", ["“Eight,”"], "his wife"))) == ["his wife"]


def test_an_address_keeps_its_sign() -> None:
    text = "“Gone,” wrote @quayside on Monday."
    assert sources(text, read(text, candidate(text, "wrote", ["“Gone,”"], "quayside"))) == ["@quayside"]


def test_what_claims_are_called_is_not_what_they_say() -> None:
    text = "Osei denounced the mayor's claims as a disgrace."
    whole = candidate(text, "denounced", ["the mayor's claims as a disgrace"], "Osei")
    found = read(text, whole, candidate(text, "claims", ["as a disgrace"], "the mayor's"))
    assert sources(text, found) == ["Osei"]


def test_an_adjective_is_no_cue() -> None:
    text = "The union fined the port over alleged leaks in the dock."
    assert read(text, candidate(text, "alleged", ["leaks in the dock"], "The union")) == ()
    text = "The union alleged leaks in the dock."
    assert len(read(text, candidate(text, "alleged", ["leaks in the dock"], "The union"))) == 1


def test_what_nobody_says_must_be_surer() -> None:
    text = "It was feared that the quay would sink."
    for score, taken in ((0.45, 0), (0.6, 1)):
        assert len(read(text, candidate(text, "was feared", ["the quay would sink"], score=score))) == taken
    text = "Osei feared that the quay would sink."
    assert len(read(text, candidate(text, "feared", ["the quay would sink"], "Osei", score=0.45))) == 1


def test_that_is_cut_only_where_it_binds() -> None:
    for text, kept in (
        ("“No,” he said. That is wrong, Osei said.", "That is wrong"),
        ("Osei said that is wrong, Osei said.", "that is wrong"),
        ("Osei said that'll do, Osei said.", "that'll do"),
        ("He knew. That she lied, Osei said.", "she lied"),
    ):
        content = text[text.lower().index("that") : text.rindex(",")]
        assert contents(text, read(text, candidate(text, "said", [content], "Osei", occurrence=text.count("said") - 1))) == [[kept]]


def test_no_content_ends_with_a_conjunction() -> None:
    text = "Osei said it rained and, the court heard, it would not stop."
    assert contents(text, read(text, candidate(text, "said", ["it rained and"], "Osei"))) == [["it rained"]]


def test_words_in_inner_marks_do_not_take_the_outer_mark() -> None:
    text = "“I asked him, ‘Where?’ and he said, ‘There.’”"
    found = read(text, candidate(text, "said", [", ‘There.’”"], "he"))
    assert contents(text, found)[0] == ["‘There.’"]
    text = "“My father used to say that a bridge falls three times,” Osei said."
    found = read(text, candidate(text, "used to say", ["a bridge falls three times,”"], "My father"))
    assert contents(text, found)[0] == ["a bridge falls three times"]


def test_what_a_page_calls_a_text_is_no_source() -> None:
    text = "Analysis: the ferry will sink\n\nIt rained."
    assert read(text, candidate(text, ":", ["the ferry will sink"], "Analysis")) == ()
