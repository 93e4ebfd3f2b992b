"""Said, or not said: whether a cue tells that the content was said, by the verbs and negations of its own clause.

What is negated within the content ("said it would not") is the speaker's and changes nothing; a denial ("denied that") is itself
something said. All rests on closed tables of words, each with the reason why they tell that nothing was said.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from quoth.cues import CONTENT, MOMENTS, SOURCE, Clause, clause_of, forms, is_adverb, words
from quoth.types import Attribution, Polarity

Reason = Literal["negated", "declined", "awaited", "supposed", "asked", "requested", "denied"]
"""Why something counts as not said."""

# Auxiliaries and negations: what a verb group consists of.
HAVE = words("have has had having 've")
BE = words("be am is are was were been being 'm 're 's")
DO = words("do does did")
SUPPOSING = words("can could may might should must ought shall would 'd")
"""Modals of what could be said, may be or should be."""
COMING = words("will 'll")
INVERTED = HAVE | BE | DO | SUPPOSING | COMING
"""What may stand before its subject."""
AUXILIARIES = INVERTED | words("to")
NEGATIONS = words("not never cannot neither nor hardly scarcely")
NOBODY = words("nobody none no-one neither nothing")

# What stands between the auxiliaries and the cue.
GOVERNORS: dict[str, Reason | None] = {
    **dict.fromkeys(forms("decline refuse neglect omit fail forget balk") | words("forgot"), "declined"),
    **dict.fromkeys(words("unable unwilling reluctant loath early soon impossible hard difficult"), "declined"),
    **dict.fromkeys(words("yet due set scheduled likely unlikely poised about going slated supposed meant ready"), "awaited"),
    **dict.fromkeys(forms("expect plan prepare intend hope want aim wish promise vow pledge agree threaten offer need"), "awaited"),
    **dict.fromkeys(forms("hesitate") | words("willing able available allowed"), None),
}
"""What may stand before "to" and the cue. Not in here, and so said: "went on to say", "used to say", "managed to", "was forced to"."""
COMING_TO: dict[str, Reason] = {**dict.fromkeys(BE, "awaited"), **dict.fromkeys(words("has have"), "requested")}
"""Auxiliaries before "to": "is to announce", "has to explain"; but "had to admit" was said."""
BARRING: dict[str, Reason | None] = {
    **dict.fromkeys(words("without"), "negated"),
    **dict.fromkeys(forms("avoid stop"), "declined"),
    **dict.fromkeys(forms("deny"), "denied"),
    **dict.fromkeys(words("help resist"), None),
}
"""What may stand before a gerund: "without saying", "denied having said"."""
BARRING_PHRASES: dict[tuple[str, str], Reason] = {
    **dict.fromkeys((("short", "of"), ("away", "from")), "declined"),
    **dict.fromkeys(((refrain, "from") for refrain in forms("refrain")), "declined"),
    **dict.fromkeys((("instead", "of"), ("rather", "than"), ("far", "from")), "negated"),
}

# Cues that tell of silence.
REFUSING = forms("decline refuse dodge sidestep evade duck") | words("mum silent tight-lipped unavailable unreachable")
GIVING = forms("offer issue provide") | words("make makes made making give gives gave giving given have has had having")
SAYINGS = words(
    "comment comments mention statement answer reply response explanation reason reasons detail details announcement indication "
    "recommendation recommendations word promise apology reference claim hint remark remarks"
)
"""Who makes or gives none of these says nothing. Doubt, secret and plans are not among them: "has no doubt" is a thought."""
NOTHING_ON = frozenset((("nothing", "about"), ("nothing", "of"), ("nothing", "on"), ("nothing", "to")))

# What is said although the verb group looks as if it were not.
BELITTLED = forms("hesitate fail cease stop help resist shy") | words("only just merely simply surprisingly")
"""After a negation these give back what it took: "did not hesitate to say", "not only said"."""
LIMITS = (("more", "than"), ("beyond",), ("other", "than"), ("except",), ("anything", "but"))
"""What somebody would not say more than, he said."""
POSSIBLE = words("can could cannot can't couldn't")
RETROSPECT = words("later subsequently eventually afterwards go")
"""With these "would" tells what did happen: "would later say", "would go on to say"."""
HABITUAL = words("every always often sometimes usually whenever each")
WISHED = words("like love prefer hope welcome appreciate")
"""Wishes that are polite, not conditional: "would like", "would welcome"."""
REVEALED = words("reveal disclose report confirm")
"""What an outlet "can" do, it does."""
PERFORMING = words("must can 'd would should may might want have need")
PERFORMED = words("say add argue suggest stress point assure confirm guess like love prefer note remind hope think")
"""What the first person must, can or would do is done by these words: "I must say", "we can confirm"."""
ADMITTED = words("admit concede confess grant")
"""And these are done by "will" as well: "I'll admit"."""

# Questions, conditions, requests.
CONDITIONAL = words("if unless whether lest provided providing assuming suppose supposing")
PRESUPPOSING = words("why when where how")
SUBJECTS = words("i you he she it we they anyone anybody someone somebody")
REQUESTING = forms(
    "ask urge order request want advise beg implore instruct invite press encourage call require command need remind summon challenge "
    "pressure push plead expect direct counsel"
) | words("tell tells told telling begged begging")
"""Who does this to somebody wants words that have yet to be said."""
CALLS = forms("call plead")
"""These request with a preposition only: "called on him to say"."""
REQUESTED = frozenset(form for form in REQUESTING if form.endswith("ed") and form not in CALLS) | words("told")
"""Passives right before "to": "was asked to say"."""
DETERMINERS = words("the a an his her its their our my this that no new news")
"""Before these a request is a noun: "used the press to say"."""
COMMANDS = words("tell say ask admit explain")
EXPECTED = words("expected due scheduled set likely poised slated")
TO_SAY = words(
    "say tell announce recommend declare testify argue confirm apologise apologize report reply respond warn ask call urge comment unveil"
)
"""Verbs with which the content of "is expected" starts if it is a statement to come."""
DENYING = forms("deny refute rebut disavow") | words("denial denials")

# How words stand to each other.
PASTS = words("said told wrote thought knew spoke swore gave made put went held began felt found heard met came let")
WEIGHTY = RETROSPECT | words("instead rather far never only longer just merely simply surprisingly hardly scarcely")
"""Adverbs that count."""
SHARED = COMING | SUPPOSING | DO | words("to")
"""What a verb after "and" may share with the verb before."""
BOUNDARIES = words(", ; : . ! ? ( ) – — \" “ ” ‘ ’ ' « » that and but because which who") | {CONTENT}
"""Where the words of another clause begin."""
SHARED_WITHIN, LIMITED_WITHIN, SUBJECT_WITHIN, REQUEST_WITHIN = 12, 4, 5, 7
"""Words off at most: auxiliaries that two verbs share, a limit after the cue, a subject before it, a request before "to"."""


def polarity(text: str, attribution: Attribution, attributions: Sequence[Attribution] = ()) -> Polarity:
    """Whether the content was said by the source as the text has it: "asserted" or "not_said".

    Not said is what is negated, declined, yet to be said, conditional, asked as a question, requested or denied; a thought that is negated
    is not thought. Without a cue all is asserted. `attributions` are those of the text, among which a `parent` is looked up.

    >>> from quoth.types import Span
    >>> content, cue, source = (Span(start=15, end=27),), Span(start=11, end=14), Span(start=0, end=2)
    >>> found = Attribution(content=content, cue=cue, source=source, kind="indirect", confidence=1.0, source_confidence=1.0)
    >>> polarity("He did not say how it broke.", found, (found,))
    'not_said'
    """
    clause = clause_of(text, attribution)
    if clause is None:
        return "asserted"
    return "not_said" if _reason(clause) or _is_denied(text, attribution, attributions) else "asserted"


def denies(text: str, attribution: Attribution) -> bool:
    """Whether the statement is a denial of its content ("denied that"); not so if the denial itself was not said.

    >>> from quoth.types import Span
    >>> content, cue, source = (Span(start=10, end=21),), Span(start=3, end=9), Span(start=0, end=2)
    >>> denies("He denied breaking it.", Attribution(
    ...     content=content, cue=cue, source=source, kind="indirect", confidence=1.0, source_confidence=1.0))
    True
    """
    clause = clause_of(text, attribution)
    return clause is not None and clause.main in DENYING and _reason(clause) is None


def _reason(clause: Clause) -> Reason | None:
    """Why the content was not said, by the cue's own clause; None if it was."""
    if clause.main in REFUSING or _is_silence(clause):
        return "declined"
    group, rest = _group(clause)
    verbal = None if _is_said_after_all(clause, group, rest) else _reason_of_verbs(clause, group)
    return verbal or _reason_of_subject(clause, rest) or _reason_of_clause(clause, group, rest) or _reason_of_request(clause, group, rest)


def _is_silence(clause: Clause) -> bool:
    """Whether the cue gives none of what is made of words: "gave no reason", "made no comment", "said nothing about"."""
    if clause.main in {"say", "says", "said", "saying"} and clause.follows[:2] in NOTHING_ON:
        return True
    around = (*clause.before[-2:], clause.main, *clause.follows[:3])
    triples = zip(around, around[1:], around[2:], strict=False)
    return any(first in GIVING and second == "no" and third in SAYINGS for first, second, third in triples)


def _group(clause: Clause) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of the verb group before the main word, those of no weight left out, and the words before the group."""
    before, end = clause.before, len(clause.before)
    if not clause.own and before[-1:] in (("and",), ("or",)) and _is_base(clause.main):
        end = _shared_end(before)
    start = _group_start(before, end - clause.own, clause.main)
    rest = before[: start - 1] if before[start - 2 : start] == (SOURCE, ",") else before[:start]
    return tuple(before[index] for index in range(start, end) if _weighs(before, index)), rest


def _group_start(before: Sequence[str], index: int, main: str) -> int:
    """Where the verb group starts that goes on at an index."""
    while index:
        following = next((before[behind] for behind in range(index, len(before)) if _weighs(before, behind)), main)
        pair = tuple(before[max(index - 2, 0) : index])
        if pair in BARRING_PHRASES or pair == ("go", "on") or _is_negated_pair(before[max(index - 3, 0) : index]):
            index -= 2
        elif _is_verbal(before[index - 1], following):
            index -= 1
        else:
            break
    return index


def _is_negated_pair(before: Sequence[str]) -> bool:
    """Whether a verb shares its negation with the one before "or": "has not confirmed or denied"."""
    return len(before) == 3 and before[2] == "or" and _negates(before[0])


def _is_verbal(word: str, following: str) -> bool:
    """Whether a word belongs to the verb group that goes on with the next one."""
    if word in AUXILIARIES or _negates(word) or is_adverb(word) or word in MOMENTS:
        return True
    if following.endswith("ing"):
        return word in BARRING
    return (following == "to" and word in GOVERNORS) or (word, following) == ("no", "longer")


def _shared_end(before: Sequence[str]) -> int:
    """Where the auxiliaries end that a verb after "and" shares with one before it ("can see them, hug them and tell"); else the end."""
    for index in reversed(range(max(0, len(before) - SHARED_WITHIN), len(before) - 1)):
        if before[index] in BOUNDARIES - {","}:
            break
        if before[index] in SHARED or _negates(before[index]):
            return index + 1
    return len(before)


def _weighs(before: Sequence[str], index: int) -> bool:
    """Whether a word of the verb group counts; "on" does in "went on to say", not in "refused on Monday to say"."""
    word = before[index]
    if word == "on":
        return before[index + 1 : index + 2] == () or before[index + 1] not in MOMENTS
    return not (is_adverb(word) or word in MOMENTS) or word in GOVERNORS or word in WEIGHTY


def _negates(word: str) -> bool:
    """Whether a word of the verb group negates it."""
    return word in NEGATIONS or word.endswith("n't")


def _is_base(word: str) -> bool:
    """Whether a verb may be in the form that stands after "will" and "to"."""
    return not word.endswith(("ed", "s", "ing")) and word not in PASTS


def _reason_of_verbs(clause: Clause, group: Sequence[str]) -> Reason | None:
    """What negations, modals and the verbs before "to" tell."""
    if any(_negates(word) for word in group) or ("no", "longer") in pairwise(group):
        return "negated"
    for pair in pairwise((*group, clause.main)):
        if (reason := _reason_of_pair(*pair)) is not None:
            return reason
    if any(word in COMING for word in group):
        return "awaited"
    if any(word in SUPPOSING and (word != "'d" or _is_base(clause.main)) for word in group):
        return "supposed"
    to_come = clause.main in EXPECTED and clause.follows[:1] == ("to",) and any(word in TO_SAY for word in clause.follows[1:2])
    return "awaited" if to_come else None


def _reason_of_pair(word: str, following: str) -> Reason | None:
    """What a word of the verb group tells before the next one."""
    if following == "to":
        return GOVERNORS.get(word) or COMING_TO.get(word)
    return BARRING_PHRASES.get((word, following)) or (BARRING.get(word) if following.endswith("ing") else None)


def _is_said_after_all(clause: Clause, group: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether the verb group only looks as if nothing was said."""
    if any(_negates(word) for word in group):
        limited = any(clause.follows[at : at + len(limit)] == limit for limit in LIMITS for at in range(LIMITED_WITHIN))
        return limited or any(word in BELITTLED for word in (*group, clause.main)) or (_is_possible(group) and _rules_out(clause))
    return _is_mannered(clause, group) or _is_told_later(clause, group) or _is_performed(clause, group, rest)


def _is_possible(group: Sequence[str]) -> bool:
    """Whether the verb group tells of what one can."""
    return any(word in POSSIBLE for word in group)


def _rules_out(clause: Clause) -> bool:
    """Whether "cannot" states a possibility: "cannot rule out", "cannot exclude"."""
    return (clause.main in {"rule", "ruled"} and "out" in clause.follows[:2]) or clause.main in {"exclude", "excluded", "discount"}


def _is_mannered(clause: Clause, group: Sequence[str]) -> bool:
    """Whether a modal is a limit, a manner or a proverb: "would say only", "would like", "wanted to know", "will tell you"."""
    would = "would" in group or "'d" in group
    limited = (would or _is_possible(group)) and ("only" in group or clause.follows[:1] == ("only",))
    sought = clause.main == "know" and "to" in group
    revealed = "can" in group and clause.main in REVEALED
    proverbial = "will" in group and clause.main == "tell" and clause.follows[:1] == ("you",)
    return limited or sought or revealed or proverbial or (would and clause.main in WISHED)


def _is_told_later(clause: Clause, group: Sequence[str]) -> bool:
    """Whether a "would" tells what did happen, once ("would later say") or again and again ("would say every morning")."""
    if not ("would" in group or "'d" in group or ("was", "to") in pairwise(group)):
        return False
    habitual = any(word in HABITUAL for word in (*clause.before, *clause.after))
    return habitual or any(word in RETROSPECT for word in (*group, *clause.follows[:1]))


def _is_performed(clause: Clause, group: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether the first person does by the words what they name: "I must say", "I'd argue", "we can confirm", "I'll admit"."""
    subject = clause.source if rest[-1:] == (SOURCE,) else rest[-1:]
    performed = clause.main in PERFORMED and any(word in PERFORMING for word in group)
    return tuple(subject[:1]) in (("i",), ("we",)) and (performed or clause.main in ADMITTED)


def _reason_of_subject(clause: Clause, rest: Sequence[str]) -> Reason | None:
    """Whether the source is nobody: "no one has claimed", "neither Brok nor Ardo said"."""
    tail = _tail(rest)
    if tail[-1:] == (SOURCE,) and tail[-2:-1] in (("neither",), ("nor",), ("no",)):
        return "negated"
    nobody = _is_nobody(clause.source) or (SOURCE not in tail and len(tail) <= SUBJECT_WITHIN and _is_nobody(tail))
    return "negated" if nobody else None


def _is_nobody(subject: Sequence[str]) -> bool:
    """Whether a subject tells that nobody does it; "No 10" and "No. 10" are an address."""
    first, second = (*subject, "", "")[:2]
    if first == "no":
        return second.isalpha()
    return first in NOBODY or (first == "not" and second in {"one", "a"})


def _tail(rest: Sequence[str]) -> tuple[str, ...]:
    """The words before the verb group that belong to its clause."""
    start = next((index + 1 for index in reversed(range(len(rest))) if rest[index] in BOUNDARIES), 0)
    return tuple(rest[start:])


def _reason_of_clause(clause: Clause, group: Sequence[str], rest: Sequence[str]) -> Reason | None:
    """What the clause itself tells: a condition, a question, an auxiliary before its subject."""
    tail = _tail(rest)
    subject = tail[-1:] == (SOURCE,) or any(word in SUBJECTS for word in tail[-1:])
    if subject and tail[-2:-1] and (tail[-2] in INVERTED or _negates(tail[-2])):
        return _reason_of_inversion(clause, tail)
    opening = tail[-2:-1] if subject else tail[:1]
    if any(word in CONDITIONAL for word in opening) and len(tail) <= SUBJECT_WITHIN:
        return "supposed"
    who = tail == (SOURCE,) and clause.source == ("who",)
    return "asked" if (who or rest[-1:] == ("who",)) and "?" in clause.follows and len(rest) <= 2 and not group else None


def _reason_of_inversion(clause: Clause, tail: Sequence[str]) -> Reason | None:
    """What an auxiliary before its subject tells: "nor did he say", "should she announce", "did she say"."""
    auxiliary, front = tail[-2], tail[:-2]
    if any(word in NEGATIONS or word == "no" for word in front[-4:]):
        return "negated"
    if "?" in clause.follows:
        return None if auxiliary in DO and any(word in PRESUPPOSING for word in front[-1:]) else "asked"
    return "supposed" if auxiliary in {"should", "were", "had"} and not front else None


def _reason_of_request(clause: Clause, group: Sequence[str], rest: Sequence[str]) -> Reason | None:
    """Whether the saying is what somebody was asked for: "urged him to say", "was told to explain", "Tell them"."""
    if not group:
        opens = not any(word[0].isalnum() or word in {SOURCE, CONTENT} for word in rest)
        return "requested" if opens and clause.main in COMMANDS and clause.after[:1] != (SOURCE,) else None
    requested = group[0] == "to" and (any(word in REQUESTED for word in rest[-1:]) or _is_requested(rest))
    return "requested" if requested else None


def _is_requested(rest: Sequence[str]) -> bool:
    """Whether somebody is requested to do what follows; the nearest words before decide."""
    for index in reversed(range(max(0, len(rest) - REQUEST_WITHIN), len(rest) - 1)):
        if rest[index] in BOUNDARIES or rest[index] in {"i", "he", "she", "we", "they"}:
            break
        noun = index > 0 and rest[index - 1] in DETERMINERS
        called = rest[index] in CALLS and rest[index + 1] not in {"on", "upon", "for", "with"}
        if rest[index] in REQUESTING and not noun and not called:
            return True
    return False


def _is_denied(text: str, attribution: Attribution, attributions: Sequence[Attribution]) -> bool:
    """Whether the attribution is itself what its parent denies, not something further within: "denied that he had told her"."""
    parent, cue, source = attribution.parent, attribution.cue, attribution.source
    if parent is None or cue is None or not 0 <= parent < len(attributions) or not denies(text, attributions[parent]):
        return False
    start, clause = attributions[parent].content[0].start, clause_of(text, attribution)
    if clause is None or start > cue.start:
        return False
    group, _ = _group(clause)
    named = 0 if source is None else len(source.slice(text).split())
    verbal = bool(group) or clause.main.endswith("ing") or named > 0
    return verbal and len(text[start : cue.start].split()) <= named + len(group) + 2
