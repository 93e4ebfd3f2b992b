"""What the model takes for an attribution and is none, as the words around the cue tell."""

import re

from quoth.attributions.drafts import Draft
from quoth.labels import GENRE

MARKS = "”\"’'»“`"
PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|am)\b", re.IGNORECASE)
"""Before these what is said may be the subject: "the attacker is reported to have jumped"."""
POSSESSIVE = re.compile(r"(?:['’]s|s['’])$")
"""No content of PolNeAR with such a source opens with "as"."""
ADJECTIVE = re.compile(r"alleged|purported|supposed|so-called", re.IGNORECASE)
"""PolNeAR marks 4 of 51 of these before a noun, and none of them has a source."""
BEFORE_ADJECTIVE = re.compile(
    r"\b(?:the|an?|any|these|those|his|her|its|their|about|and|by|for|from|in|of|on|over|to|with) $", re.IGNORECASE
)
BEFORE = 8
"""Characters before an adjective that hold the word before it."""
NOUN_NEXT = re.compile(r" (?!by\b|that\b|to\b|as\b)[^\W\d_]")


def is_none(text: str, draft: Draft) -> bool:
    """Whether the model takes for an attribution what is none."""
    return is_subject(text, draft) or is_object(text, draft) or is_adjective(text, draft) or is_heading(text, draft)


def is_subject(text: str, draft: Draft) -> bool:
    """Whether what the model takes for the content is the subject of the cue, which says nothing: "The club announced", and no source."""
    cue, last = draft.cue, draft.content[-1]
    if cue is None or draft.source is not None or len(draft.content) > 1 or last.end > cue.start or text[last.end - 1] in MARKS:
        return False
    return not text[last.end : cue.start].strip() and PASSIVE.search(text, cue.start, cue.end) is None


def is_object(text: str, draft: Draft) -> bool:
    """Whether the content only tells what somebody's claims were called: "denounced the mayor's claims as a disgrace"."""
    source, first = draft.source, draft.content[0]
    return source is not None and POSSESSIVE.search(text, source.start, source.end) is not None and text.startswith("as ", first.start)


def is_adjective(text: str, draft: Draft) -> bool:
    """Whether the cue only describes a noun: "over alleged attacks", "the supposed thief"."""
    cue = draft.cue
    if cue is None or not ADJECTIVE.fullmatch(text, cue.start, cue.end) or not NOUN_NEXT.match(text, cue.end):
        return False
    return BEFORE_ADJECTIVE.search(text, max(0, cue.start - BEFORE), cue.start) is not None


def is_heading(text: str, draft: Draft) -> bool:
    """Whether the source only says what kind of text the words behind the colon are: "Interview: Ada Osei"."""
    cue, source = draft.cue, draft.source
    return cue is not None and source is not None and cue.slice(text) == ":" and GENRE.fullmatch(text, source.start, source.end) is not None
