"""Speech, writing, thought, or no statement at all: by a cue's main word, its source, the medium named beside it, and the model.

Where words settle it a rule does: a source that is a text or prints texts writes, a verb of the mind thinks, who ratifies or sentences
acts, and a medium beside the cue ("said in a letter") makes writing of speech. Who tells a newspaper something speaks. Whether any other
cue tells of a statement the model knows, which has read it in its context: "supports the bill" does not, "opposes the bill, she said" does.
"""

import re
from collections.abc import Sequence

from quoth.cues import CONTENT, REACH, SOURCE, Clause, clause_of, forms, is_adverb, main_word, words
from quoth.tagging import ACTS
from quoth.types import Act, Attribution, Span

LEAST_NONE, LEAST_THOUGHT, LEAST_WRITING = 0.8, 0.6, 0.35
"""How probable the model must hold that a cue tells of no statement, or of a thought or writing that no word names."""
WRITING = forms("tweet retweet post blog email e-mail text pen print publish editorialise editorialize scribble") | words(
    "write writes wrote written writing"
)
"""Verbs that name the medium."""
READS = words("read reads")
"""What a text does: "it read"."""
THINKING = forms(
    "believe hope fear expect wish want reckon doubt assume suppose suspect imagine anticipate worry consider regard deem presume envisage "
    "envision intend trust pencil wonder guess contemplate dream realise realize view"
) | words(
    "think thinks thought thinking know knows knew known see sees saw seen understand understands understood feel feels felt foresee "
    "foresees foresaw convinced confident optimistic pessimistic hopeful sure certain afraid aware belief beliefs hopes fears conviction "
    "expectation expectations minded unsure uncertain sceptical skeptical"
)
"""Verbs, adjectives and nouns of belief, hope, wish, fear and expectation."""
VOICED = forms("project predict forecast estimate rule encourage") | words("hear hears heard")
"""Verbs of what is made known, or heard in court, neither a thought nor a text before a medium is named."""
BROADCASTER = re.compile(r"\bTV\w*|\w+TV\b|\b[Rr]adio\b|\b[Tt]elevision\b|\b[Bb]roadcasters?\b")
"""These report by voice before a medium is named."""
SIGNED, LETTERS = words("signed signing"), words("letter letters petition statement declaration")
"""Who signs one of these writes; who signs a treaty or a bill does something."""
DISMISSED, SUITS = forms("dismiss"), words("lawsuit lawsuits suit case cases charge charges complaint appeal motion")
"""Who dismisses one of these is a court, and does something; a rumour is dismissed in words."""
OBJECT_WITHIN = 5
"""Words behind a verb among which its object stands."""
WONDERING = forms("wonder guess muse")
"""Who is quoted with these spoke."""
DEEDS = forms(
    "ratify sentence sanction ban negotiate convict acquit indict jail imprison fine arrest detain deport extradite appoint elect oust "
    "expel suspend lift enact repeal annex boycott nationalise nationalize dissolve abolish hire sack resign deploy evacuate seize"
) | words("withdraw withdraws withdrew withdrawn withdrawing won lost left quit quits")
"""Verbs of what is done and not said, where no "that" follows: courts, states and bodies act in words."""
DOING = DEEDS | SIGNED | DISMISSED
"""Main words that may tell of a deed."""
WISHES = words("like prefer love")
"""Thoughts after "would"; else "like" is what she was, and "preferred" what he called it."""

NETWORKS = words("twitter facebook instagram telegram linkedin weibo mastodon bluesky reddit media website site blog page account online")
"""What one writes on."""
MEDIUMS = NETWORKS - words("media site page account online") | words(
    "statement statements letter letters email emails e-mail e-mails post posts tweet tweets thread message messages text texts memo memos "
    "note notes report reports filing filings article articles column op-ed editorial essay paper papers release releases book memoir "
    "memoirs autobiography judgment judgement ruling decision dissent affidavit complaint lawsuit indictment petition document documents "
    "submission submissions survey study review newsletter bulletin communique communiqué diary diaries preface foreword footnote caption "
    "advert advertisement writing print questionnaire manifesto leaflet brochure pamphlet poster circular blogpost edition"
)
"""What one writes in."""
DOCUMENTS = MEDIUMS - words("writing print") | words(
    "figures data statistics poll polls census audit index analysis findings research trial dossier transcript transcripts records record "
    "file files law laws bill act constitution charter code treaty agreement accord contract resolution order decree directive rules "
    "guidance guidelines policy regulations draft sign plaque banner headline headlines label inscription ad flyer menu manual handbook "
    "plan proposal summary obituary schedule timetable notice page account will testament app"
)
"""Sources that are texts themselves."""
OUTLETS = words(
    "newspaper newspapers magazine magazines site sites websites tabloid tabloids broadsheet media press outlet outlets publication "
    "news blogs"
)
"""Sources that print; those that broadcast are not among them."""
NAMED_OUTLETS = words(
    "times guardian journal herald tribune telegraph gazette observer chronicle independent examiner inquirer bulletin dispatch "
    "ledger globe "
    "press reuters ap afp france-presse bloomberg politico axios buzzfeed breitbart xinhua tass interfax yonhap kyodo dpa ansa efe anadolu "
    "fars isna irna newsweek"
)
"""Last words of the names of newspapers, and the agencies of the world's wires."""
AMBIGUOUS = words("post star sun time mail express nature science courier mirror register paper economist act independent guardian")
"""Those that need an article before them: people are called so, too."""
NAMES = words("bill law page will sign ad post note app act")
"""Texts by which people are called: with a capital they need an article before them."""
ARTICLES = words("the a an his her its their our my your this that one some new official another")
KINDS = r"(?:news ?(?:agency|wire|service|site|website|outlet|paper)|wire service|website|magazine|tabloid|daily)"
PUBLISHER = re.compile(rf"{KINDS} \W?$", re.IGNORECASE)
"""What stands before the name of an outlet: "the news agency Fars"."""
TOLD = re.compile(r"\b(?:told|tell|tells|telling|asked|with|to|in) (?:an?|the) [^.,;\n]*$", re.IGNORECASE)
"""Where the name after the newspaper may be what the newspaper was told: "told the newspaper Brok was away"."""
PUBLISHES = re.compile(rf",? (?:an?|the) [^.,;\n]{{0,40}}?{KINDS}\b", re.IGNORECASE)
"""What stands after it: "Fars, the news agency"."""
ADDRESS = re.compile(r"@\w+$|(?:[\w-]+\.)+(?:com|org|net|info|ru|uk|de|fr)$", re.IGNORECASE)
"""A name on a network, or a site by its address."""
TOKEN = re.compile(r"@?\w+(?:[.@’'-]\w+)*|[,(–—:]")
REMEMBERED = 4000
"""Characters before a source within which the outlet may have been introduced."""

DESCRIBING = words(
    "of from by to in on at for seen released published dated posted that which who whom with involving about issued sent obtained signed "
    "printed leaked reviewed circulated filed submitted prepared commissioned conducted carried compiled , ( – — :"
)
"""Where what describes a noun after it begins."""
BESIDE = words("in via by through on")
"""Prepositions before a medium."""
PREPOSITIONS = BESIDE | words("of to with from for at about after before during as against over under")
ORAL = words("televised broadcast recorded audio video radio spoken opening closing voice taped live phone telephone oral")
"""Statements and messages of these kinds are spoken."""
OCCASIONS = words("interview speech address conference briefing hearing podcast debate meeting rally call")
"""Who speaks at these speaks, though it be reported in print."""
HEARERS = words("parliament commons house lords senate congress court mps lawmakers council assembly camera")
"""A statement to these is spoken."""
ENDS = words("; . ! ? and but while after who which whose because referring citing")
"""Where the words of another clause begin."""
MEDIUM_WITHIN = 6
"""Words of a medium at most: "in an internal memo to all staff"."""


def act(text: str, attribution: Attribution) -> Act | None:
    """Whether the content was said, written or thought; None where the cue tells of no statement at all ("supports the bill").

    The source, the medium and verbs of the mind settle it by rule; else the model does, where it has read the cue.

    >>> content, cue, source = (Span(start=20, end=36),), Span(start=3, end=8), Span(start=0, end=2)
    >>> act("He wrote to us that the bridge broke.", Attribution(
    ...     content=content, cue=cue, source=source, kind="indirect", confidence=1.0, source_confidence=1.0))
    'writing'
    """
    clause, source, kind = clause_of(text, attribution), attribution.source, attribution.kind
    if source is not None and writes(text, source) and not (clause is None and _is_label(text, source)):
        return None if _is_none(attribution) else "writing"
    if clause is None:
        return "speech"
    if is_thought(clause) and not (kind == "direct" and clause.main in WONDERING):
        return "thought"
    if _does(clause, attribution):
        return None
    if clause.main in SIGNED or clause.main in READS or any(word in WRITING for word in clause.cue) or has_medium(clause):
        return "writing"
    voiced = clause.main in VOICED or (source is not None and BROADCASTER.search(text, source.start, source.end) is not None)
    return "speech" if voiced else _read(attribution)


def is_deed(text: str, attribution: Attribution) -> bool:
    """Whether the cue tells of a deed and of no words at all: courts sentence, states ban and ratify.

    >>> content, cue, source = (Span(start=19, end=29),), Span(start=13, end=18), Span(start=0, end=12)
    >>> is_deed("The republic seized the barges.", Attribution(
    ...     content=content, cue=cue, source=source, kind="indirect", confidence=1.0, source_confidence=1.0))
    True
    """
    if attribution.cue is None or main_word(text, attribution.cue) not in DOING:
        return False
    clause = clause_of(text, attribution)
    return clause is not None and _does(clause, attribution)


def _does(clause: Clause, attribution: Attribution) -> bool:
    behind = clause.follows[:OBJECT_WITHIN]
    signs = clause.main in SIGNED and not any(word in LETTERS for word in behind)
    dismisses = clause.main in DISMISSED and any(word in SUITS for word in behind)
    deed = clause.main in DEEDS or signs or dismisses
    return deed and attribution.kind == "indirect" and "that" not in clause.follows[:2]


def _read(attribution: Attribution) -> Act | None:
    """The act that the model reads, which has the cue in its context; speech where it read none or is not sure of another.

    What nobody is said to have written is speech.
    """
    shares = dict(zip(ACTS, attribution.acts, strict=False))
    if attribution.kind != "indirect" or not shares:
        return "speech"
    if _is_none(attribution):
        return None
    if shares["thought"] >= LEAST_THOUGHT:
        return "thought"
    written = attribution.source is not None and shares["writing"] >= LEAST_WRITING and shares["writing"] == max(shares.values())
    return "writing" if written else "speech"


def _is_none(attribution: Attribution) -> bool:
    """Whether the model takes the cue for an act, an attitude, a sign; who is quoted made a statement."""
    return attribution.kind == "indirect" and dict(zip(ACTS, attribution.acts, strict=False)).get("none", 0.0) >= LEAST_NONE


def _is_label(text: str, source: Span) -> bool:
    """Whether a source opens its line, as the name of who has the turn in an interview does."""
    return source.start == 0 or text[source.start - 1] == "\n"


def is_thought(clause: Clause) -> bool:
    """Whether the cue is one of the mind; who thinks aloud or wants to know speaks."""
    if clause.main in WISHES:
        return any(word in {"would", "'d"} for word in clause.before[-3:])
    sought = clause.main == "know" and clause.before[-1:] == ("to",)
    named = clause.main == "known" and clause.follows[:1] == ("as",)
    return clause.main in THINKING and not sought and not named and clause.follows[:1] not in (("aloud",), ("out",))


def writes(text: str, source: Span) -> bool:
    """Whether a source is a text, or an outlet that prints: the head of its noun phrase tells, or how the outlet was introduced.

    >>> writes("The letter from Brok warns", Span(start=0, end=20)), writes("The paper's editor warns", Span(start=0, end=18))
    (True, False)
    """
    phrase = text[source.start : min(source.end, source.start + REACH)]
    if phrase.lower() in {"which", "that"}:
        before = TOKEN.findall(text[max(0, source.start - 40) : source.start])[-2:]
        return any(word.lower() in DOCUMENTS for word in before)
    noun = _noun(phrase)
    if not noun:
        return False
    head, article = noun[-1].lower(), noun[0].lower() in ARTICLES or noun[-1].islower()
    if ADDRESS.match(noun[-1]):
        return True
    if head in DOCUMENTS | OUTLETS and (article or head not in NAMES) and not _is_full_name(noun):
        return head != "will" or len(noun) > 1
    if noun[-1][0].isupper() and (head in NAMED_OUTLETS or head in AMBIGUOUS):
        return noun[0].lower() == "the" or head not in AMBIGUOUS
    return noun[-1][0].isupper() and _was_introduced(text, source, " ".join(noun))


def _noun(phrase: str) -> list[str]:
    """The words of a noun phrase up to its head; without those that describe it afterwards."""
    noun: list[str] = []
    for word in TOKEN.findall(phrase):
        if noun and word.lower() in DESCRIBING:
            break
        if word[0].isalnum() or word[0] == "@":
            noun.append(word)
    return noun


def _is_full_name(noun: Sequence[str]) -> bool:
    """Whether a noun phrase is two capitalised words and no more, the name of a person rather than of a text."""
    return len(noun) == 2 and all(word[0].isupper() for word in noun) and noun[0].lower() not in ARTICLES and noun[-1].lower() in NAMES


def _was_introduced(text: str, source: Span, noun: str) -> bool:
    """Whether the text calls the name an agency, a newspaper, a news site, here or where it introduced it."""
    name = noun.rsplit(" ", 1)[-1]
    start = max(0, source.start - REMEMBERED)
    place = text.find(name, start, source.end)
    while place >= 0:
        end = place + len(name)
        published = PUBLISHER.search(text[max(0, place - 24) : place]) and not TOLD.search(text[max(0, place - 48) : place])
        if published or PUBLISHES.match(text[end : end + 80]):
            return True
        place = text.find(name, end, source.end)
    return False


def has_medium(clause: Clause) -> bool:
    """Whether something that one writes in is named beside the cue: "said in a letter", "in a statement on Monday, the council said"."""
    before, after = _segment(clause.before), clause.after
    if clause.main.endswith("ing") and (before[-1:] == (",",) or any(word in MEDIUMS for word in before[-1:])):
        return before[-1] in MEDIUMS or _medium_in(before[-2 * MEDIUM_WITHIN :], anywhere=True)
    end = next((index for index, word in enumerate(after) if word in ENDS or word == CONTENT), len(after))
    behind = after[end + 1 :] if after[end : end + 1] == (CONTENT,) and after[end + 1 : end + 2] and after[end + 1] in BESIDE else ()
    return _medium_in(before, anywhere=False) or any(
        _medium_in(line, anywhere=True) for line in (clause.cue, after[:end], behind[:MEDIUM_WITHIN])
    )


def _segment(before: Sequence[str]) -> tuple[str, ...]:
    """The words before the cue that may belong to its clause."""
    start = next((index + 1 for index in reversed(range(len(before))) if before[index] in ENDS or before[index] == CONTENT), 0)
    return tuple(before[start:])


def _medium_in(line: Sequence[str], *, anywhere: bool) -> bool:
    """Whether a medium stands in a run of words, after a preposition; unless anywhere, at its start or between source and cue."""
    for index, word in enumerate(line):
        if word in OCCASIONS:
            return False
        loose = anywhere or not index or line[index - 1] in {SOURCE, ","} or not line[index - 1][0].isalnum() or is_adverb(line[index - 1])
        if word in BESIDE and loose and _is_medium(word, line[index + 1 :]):
            return True
    return False


def _is_medium(preposition: str, line: Sequence[str]) -> bool:
    """Whether a medium follows a preposition, and none that is spoken."""
    end = next((index for index, word in enumerate(line) if word in PREPOSITIONS or not word[0].isalnum()), len(line))
    phrase = line[: min(end, MEDIUM_WITHIN)]
    spoken = any(word in ORAL or word in OCCASIONS for word in phrase) or any(word in HEARERS for word in line[end : end + 3])
    found = any(word in (NETWORKS if preposition == "on" else MEDIUMS) for word in phrase)
    social = "social" in phrase and "media" in phrase
    bare = preposition != "by" or phrase[:1] == () or phrase[0] not in ARTICLES
    return (found or social) and bare and not spoken
