"""The words of a source: whom it names itself, which names stand side by side in it, and who wrote what it quotes."""

import re

from quoth.names import Named
from quoth.names.appositions import WORD, fold
from quoth.names.lexicon import FUNCTION_WORDS, OFFICES, PEOPLE, TITLES, WRITINGS, Gender
from quoth.names.mentions import Mention
from quoth.speakers.descriptions import noun_phrase
from quoth.speakers.pronouns import gender_of, may_be
from quoth.speakers.scene import Resolution, Scene, place_of
from quoth.types import Attribution, Span

STOP = re.compile(
    r"\b(?:of|for|from|at|in|with|by|to|on|who|whose|which|near|under|about|against|that|involving|including|representing|behind|between|within|than"
    r"|citing|seen|like|whom|where|when)\b"
)
"""A name behind one of these is not the source's own."""
GIVING = re.compile(r"\b(?:including|such as|like)\b")
"""What follows are examples of what went before."""
CALLED = re.compile(r"\b(?:called|named|known\sas|identified\s(?:only\s)?as|nicknamed)\s$")
SAYINGS = frozenset(
    """response reply comment comments word words statement statements remark remarks verdict view answer claim claims assertion question
    suggestion warning promise testimony announcement tweet tweets letter email message post speech interview admission""".split()
)
"""What belongs to whoever says it: "Mutiso-Berg’s response"."""
NOT_NOUNS = frozenset("himself herself itself themselves aged now alone speaking representing too".split())
PLURAL = re.compile(r"(?:[^s’]s|men|people|Police|Others)$")
JOINTLY = re.compile(r"(?:both|neither) ", re.IGNORECASE)
WRITER = re.compile(r"\b(?:from|by|of)\s")
BYLINE = re.compile(r"^(?:By|BY|Words by)\s+(?=[A-Z])", re.MULTILINE)
LONGEST_SIGNATURE = 100
SIGNATURE = re.compile(r"(?:[—–-]\s?)?(?:Yours (?:\w+|etc),?\s)?")


def segments(text: str, source: Span) -> list[Span]:
    """The parts of a source between commas, those in brackets and in numbers left out.

    >>> text = "the head of the RMT (Rail, Maritime), Mick Osei"
    >>> [part.slice(text) for part in segments(text, Span(start=0, end=len(text)))]
    ['the head of the RMT (Rail, Maritime)', 'Mick Osei']
    """
    result, start, depth = [], source.start, 0
    for place in range(source.start, source.end):
        letter = text[place]
        depth += (letter == "(") - (letter == ")" and depth > 0)
        if letter == "," and not depth and not text[place + 1 : place + 2].isdigit():
            if place > start:
                result.append(Span(start=start, end=place))
            start = place + 1
    if start < source.end:
        result.append(Span(start=start, end=source.end))
    return [_stripped(text, part) for part in result if part.slice(text).strip()]


def _stripped(text: str, span: Span) -> Span:
    words = span.slice(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start=start, end=span.end - len(words) + len(words.rstrip()))


def named_in(scene: Scene, source: Span) -> Named | None:
    """The person or body that a source names itself, not one it only mentions ("a spokesman for Mr Lisle" names nobody)."""
    parts = segments(scene.text, source)
    for part in parts:
        for mention, person in scene.between(part.start, part.end):
            if person.body and part is not parts[0] and _is_of_somebody(scene.text, parts[0]):
                return None
            lead = scene.text[part.start : mention.titled]
            if GIVING.search(lead):
                return None
            if STOP.search(lead) and not CALLED.search(lead) and not _led_by_office(scene, part, mention):
                break
            behind = scene.text[mention.span.end : part.end]
            if _possesses(behind):
                if _says(behind):
                    return person
                continue
            if (
                _is_kind(lead, mention, person)
                or _qualifies(mention, behind)
                or (mention.loose and PLURAL.search(mention.words[-1]) and person.fullest is mention)
            ):
                continue
            return person
    return None


def _is_of_somebody(text: str, part: Span) -> bool:
    """Whether a source opens with someone of a body, which may be named behind the comma: "a spokeswoman for the builder, Osei & Lind"."""
    phrase = noun_phrase(text, part)
    one = phrase is not None and phrase.determiner in ("a", "an") and phrase.bare_head in PEOPLE | OFFICES
    return one and STOP.search(part.slice(text)) is not None


def _is_kind(lead: str, mention: Mention, person: Named) -> bool:
    """Whether a capitalised word says what kind of thing is meant, not which: "many Republicans", "a new Ledger Poll"."""
    first = lead.split(maxsplit=1)[0].lower() if lead.split() else ""
    if first in ("many", "some", "most", "several", "few", "all", "other", "two", "three", "four", "fellow") and not person.person:
        return mention.words[-1].endswith("s")
    return first in ("a", "an") and not (person.person or mention.before or CALLED.search(lead))


def _led_by_office(scene: Scene, part: Span, mention: Mention) -> bool:
    """Whether the words before a name are an office with its place: "US Ambassador to Germany Richard Osei"."""
    lead = scene.text[part.start : mention.titled]
    found = re.search(r"[A-Z]\w+ (?:to|for|of) (?:the )?((?:[A-Z]\w+ )*)$", lead)
    return found is not None and (bool(found[1]) or bool(mention.before)) and STOP.search(lead[: found.start()]) is None


def _possesses(behind: str) -> bool:
    return behind.startswith(("’s ", "'s ", "’ ", "' "))


def _says(behind: str) -> bool:
    words = WORD.findall(behind.lstrip("’'s"))
    return bool(words) and words[-1].lower() in SAYINGS and len(words) <= 3


def _qualifies(mention: Mention, behind: str) -> bool:
    """Whether a capitalised word only qualifies a noun that follows it ("Russian leader", "Labour MPs")."""
    title = re.match(r" ([A-Z][\w-]*)", behind)
    if title is not None and fold(title[1]) in TITLES:
        return True
    following = re.match(r"[ -]([a-z][\w-]*)", behind)
    if following is None:
        return False
    word = following[1]
    return word not in FUNCTION_WORDS and word not in NOT_NOUNS and not word.endswith("ing") and word != "de"


def joint_parts(scene: Scene, source: Span) -> list[Span]:
    """The parts of a source that names several side by side: "both Norvania and the United States", "neither Osei nor her deputy"; empty
    for any other.

    An apposition is no second source: "Ada Osei, a nurse and mother".
    """
    text = scene.text
    opening = JOINTLY.match(text, source.start)
    start = source.start if opening is None else opening.end()
    inside = scene.between(start, source.end)
    cut = next(
        (
            found
            for found in re.finditer(r",? (?:and|nor) ", text[start : source.end])
            if not any(mention.span.start < start + found.start() < mention.span.end for mention, _ in inside)
            and text[start : start + found.start()].count("(") == text[start : start + found.start()].count(")")
        ),
        None,
    )
    if cut is None:
        return []
    left = segments(text, Span(start=start, end=start + cut.start())) if cut.start() else []
    right = Span(start=start + cut.end(), end=source.end) if start + cut.end() < source.end else None
    if not left or right is None or not all(_is_name(scene, part) for part in left):
        return []
    return [*left, right] if _opens_noun_phrase(scene, right) else []


def _is_name(scene: Scene, part: Span) -> bool:
    """Whether a part of a source is a name and what leads to it, no more."""
    named = [mention for mention, _ in scene.between(part.start, part.end)]
    if not named or named_in(scene, part) is None:
        return False
    tail = scene.text[named[-1].span.end : part.end]
    return tail.strip() in ("", "’s", "'s") or tail.strip().startswith("(")


def _opens_noun_phrase(scene: Scene, part: Span) -> bool:
    """Whether the part behind "and" is a source of its own: a name, or his, her, others."""
    words = part.slice(scene.text)
    if re.match(r"(?:his|her|their|its|others|other|the|a|an|some|several|two|three)\b", words):
        return True
    return named_in(scene, part) is not None


def title_like(scene: Scene, source: Span) -> Span:
    """Of "her host, the Norvanian premier" the part that is most like a title."""
    parts = segments(scene.text, source)
    first = parts[0].slice(scene.text).split(maxsplit=1)[0].lower() if parts else ""
    if (
        len(parts) > 1
        and first in ("his", "her", "its", "their", "one", "another")
        and re.match(r"(?:the|a|an)\b", parts[1].slice(scene.text))
    ):
        return parts[1]
    return source


def writer_in(scene: Scene, source: Span) -> Named | None:
    """Who wrote the letter that a source is, if it says so: "a letter from the regulator, Ada Osei", "Osei’s will"."""
    words = [fold(word) for word in WORD.findall(source.slice(scene.text))[:6]]
    if not any(word in WRITINGS for word in words):
        return None
    found = WRITER.search(scene.text, source.start, source.end)
    inside = [(mention, person) for mention, person in scene.between(source.start, source.end) if not person.body and person.person]
    for mention, person in inside:
        if found is not None and mention.span.start >= found.end() and not re.search(r"\bto\b", scene.text[found.end() : mention.titled]):
            return person
        if found is None and _possesses(scene.text[mention.span.end : source.end]):
            return person
    return None


def author_of(scene: Scene) -> Named | None:
    """Who signs the report: the name that ends it, perhaps over a line with his place, or the one behind "By" that opens it."""
    for number in range(len(scene.lines) - 1, max(0, len(scene.lines) - 3), -1):
        signed = _signed(scene, number)
        if signed is not None:
            return signed
    opened = BYLINE.search(scene.text, 0, 600)
    return next((person for _, person in scene.between(opened.end(), opened.end() + 30)), None) if opened is not None else None


def _signed(scene: Scene, number: int) -> Named | None:
    """Whose name, and little else, a paragraph is."""
    start = scene.lines[number]
    end = scene.lines[number + 1] if number + 1 < len(scene.lines) else len(scene.text)
    line = scene.text[start:end].strip()
    found = next(iter(scene.between(start, end)), None)
    opening = SIGNATURE.match(scene.text, start)
    if found is None or opening is None or len(line) > LONGEST_SIGNATURE or line.endswith("."):
        return None
    mention, person = found
    rest = WORD.findall(scene.text[mention.span.end : start + len(line)])
    capital = all(word[0].isupper() or word in FUNCTION_WORDS for word in rest)
    return person if mention.titled <= opening.end() and capital and (person.person or person.gender) else None


def named_next(scene: Scene, attribution: Attribution, gender: Gender | None) -> Resolution | None:
    """Who is named next, of that gender if one is told, where a report opens with someone whom it does not name yet."""
    place = place_of(attribution)
    line = scene.line(place)
    if line > 1 or attribution.parent is not None:
        return None
    for other in scene.after(place):
        if scene.line(place_of(other)) - line > 3:
            break
        if other.source is None or other.parent is not None or gender_of(other.source.slice(scene.text).lower()):
            continue
        owner = named_in(scene, other.source)
        if owner is None or not owner.person or not may_be(owner, gender) or owner.first < place or owner.told & OFFICES:
            return None
        return Resolution(owners=(owner,), basis="rule", confidence=0.6)
    return None
