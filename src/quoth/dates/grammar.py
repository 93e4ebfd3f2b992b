"""English time expressions: a closed grammar, each form with its own resolution to a day, week, month or year.

What the grammar does not hold (seasons, weekends, "recently", "a few days ago") tells no date.
"""

import datetime
import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from quoth.types import Precision, Span, TimeBasis

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty")
COUNTED = dict(zip(COUNTS, (*range(1, 13), 15, 20), strict=True)) | {"a": 1, "an": 1}
PRECISIONS: tuple[Precision, ...] = ("day", "week", "month", "year")

_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_DAY_NAME = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_PART = r"(?:[ ](?:morning|afternoon|evening|night|lunchtime))"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)(?![\d%/]|[,.]\d)"
_COUNT = rf"(?P<count>{'|'.join(COUNTED)}|\d{{1,3}})"
_UNIT = r"(?P<unit>day|week|month|year)"
_LATE = r"(?:(?i:late|early|earlier|later|mid)[ -](?:(?:in|on)[ ])?)?"
_HOURS = r"(?:[Ii]n[ ]the[ ](?:early|small)[ ]hours|[Oo]n[ ]the[ ](?:morning|afternoon|evening|night))[ ]of[ ]"
_ON = rf"(?:(?:[Oo]n[ ]|{_HOURS})?{_LATE})"

NOT_A_POINT = re.compile(
    r"(?:\b(?:by|until|till|til|since|before|from|after|for|of|to|through|than|between|every|each|over|throughout|that|one|come|"
    r"Good|Black|Easter|Ash|Palm|Holy|Super|Bloody|Cyber|Shrove|Whit|Maundy)(?:[ ]late|[ ]early)?[ ]|[-–/’'$£€])$",
    re.IGNORECASE,
)
"""Before an expression: it bounds or counts something, or belongs to a name."""
BEFORE_NOUN = re.compile(r"\b(?:a|an|the|his|her|its|their|our|my|this|another|’s|'s)[ ]$", re.IGNORECASE)
"""Before an expression without a preposition: it says which noun is meant ("a Tuesday briefing", "the Sunday papers")."""
_OCCASION = (
    r"(?:conference|briefing|hearing|meeting|interview|speech|statement|e-?mail|letter|post|rally|debate|address|call|memo|filing|session|"
    r"summit|talks|inquest|vigil|service|ceremony|question[ ]time|podcast|broadcast|programme|episode|edition|issue|sermon|lecture|keynote|"
    r"announcement)\b"
)
OCCASION_NEXT = re.compile(rf"[ ](?:\w+[ ])?{_OCCASION}")
OCCASION_OF = re.compile(
    rf"['’]s?[ ](?:[\w’'-]+[ ]){{0,3}}{_OCCASION}"
    r"|['’]s?[ ](?:[\w’'-]+[ ]){0,3}(?:match|game|win|defeat|victory|loss|draw|race|final|semi-final|vote|round|fight)\b"
)
"""After an expression: the day of an occasion on which, or right after which, people speak ("at Monday's hearing")."""
AT_OCCASION = re.compile(r"\b(?:at|in|during|told|addressing|after|following)[ ](?:the[ ])?$", re.IGNORECASE)
WRITING_OF = re.compile(r"\b(?:letter|memo|e-?mail|note|message|report|article|filing|minutes|statement)[ ]of[ ]$", re.IGNORECASE)
"""Before a day: the day that a writing bears ("a letter of 9 May")."""
NO_END = re.compile(
    r"['’]s\b|['’](?=[ ])|-\w|[ ]week\b|(?:,|[ ](?:and|or|to|through|until)|[ ]?[-–])[ ]?(?:on[ ])?"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|[ ]?[-–][ ]?\d"
)
"""After an expression: a possessive, a compound, "Monday week", or a range or list of days."""
REST_OF_LINE = re.compile(r"[, \t]*(?:\n|$)")
"""After an expression that is a line of its own, as at the head of a page."""
PAGE_DATE = re.compile(rf"\s*{_DAY_NAME},?[ ](?:\d\d?[ ])?{_MONTH}(?:[ ]\d\d?)?,?[ ]{_YEAR}(?:\s+(?=[A-Z])|\s*\n)")
"""The page's own date at the head of a text, whether or not the text goes on in its line."""
CLOCK = re.compile(
    r"(?:\b(?i:at|by|around|about|before|after|shortly|just|soon)[ ]){0,3}"
    r"(?:(?<![\d.:])\d{1,2}(?:[.:]\d\d)?[ ]?(?:[ap]m\b|[ap]\.m\.)|\b(?:noon|midnight|midday|lunchtime)\b)"
    r"(?:[ ](?:local[ ]time|GMT|UTC|ET|EST))?"
)
HOUR = re.compile(r"am\b|pm\b|a\.m\.|p\.m\.|noon|midnight|midday|lunchtime")
"""What every hour holds."""
DATELINE = re.compile(
    r"^[ \t]*[A-Z][A-Z.'’ -]{2,40}(?:,[^\n—–]{1,40}?)?,?[ ](?P<date>[A-Z][a-z]+\.?[ ]\d{1,2}|\d{1,2}[ ][A-Z][a-z]+)(?:,?[ ]\d{4})?"
    r"(?:[ ]\([^)\n]{1,30}\))?[ ]?(?:—|–|--|-)[ ]",
    re.MULTILINE,
)
"""The place and day at the head of a wire report; it dates the report, not what anyone said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A day, week, month or year, by its first day."""

    date: datetime.date
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What an expression is read against: the day that "today" is, whether the words are still to be said, and the time told last."""

    today: datetime.date | None
    future: bool = False
    narrated: Interval | None = None


Reading = Callable[[re.Match[str], Frame], Interval | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One time expression of a text; `basis` says by what kind of words it tells the time, `deictic` that it is counted from today.

    >>> [found] = expressions("She said so on Thursday night.")
    >>> found.resolve(Frame(today=datetime.date(2024, 5, 16)))
    Interval(date=datetime.date(2024, 5, 16), precision='day')
    """

    span: Span
    basis: TimeBasis
    match: re.Match[str]
    reading: Reading

    @property
    def is_hour(self) -> bool:
        """Whether it tells an hour and no day."""
        return self.reading is _clock

    def resolve(self, frame: Frame) -> Interval | None:
        """The interval that the words tell; None if they tell none in this frame, or for words already said one that has not begun."""
        try:
            interval = self.reading(self.match, frame)
        except (ValueError, OverflowError):  # no such day: 31 June, or before the calendar's first year
            return None
        if interval is None or frame.today is None:
            return interval
        if frame.future:
            return interval if _end(interval) >= frame.today else None
        return interval if interval.date <= frame.today else None


def expressions(text: str) -> tuple[Expression, ...]:
    """The time expressions of a text that tell a point in time, in order and disjoint; the longest wins. Linear in its length."""
    found = [
        Expression(span=Span(start=match.start(), end=match.end()), basis=form.basis, match=match, reading=form.reading)
        for form in FORMS
        for match in matches_of(text, form)
    ]
    kept: list[Expression] = []
    for expression in sorted(found, key=lambda expression: (expression.span.start, -expression.span.end)):
        if not kept or expression.span.start >= kept[-1].span.end:
            kept.append(expression)
        elif len(expression.span) > len(kept[-1].span):
            kept[-1] = expression
    lines = {match.start("date") for match in DATELINE.finditer(text)}
    points = [expression for expression in kept if expression.span.start not in lines and _is_point(text, expression.span)]
    hours = {hour.span for left, right in pairwise(points) if _adjoin(text, left, right) for hour in (left, right) if hour.is_hour}
    return tuple(expression for expression in points if expression.span not in hours)


def matches_of(text: str, form: "Form") -> Iterator[re.Match[str]]:
    """Where a form stands: it holds no line's end, and so is looked for only in lines with the words that it cannot do without."""
    if form.needs is None:
        yield from form.pattern.finditer(text)
        return
    end = -1
    for needed in form.needs.finditer(text):
        if needed.start() > end:
            start, end = text.rfind("\n", 0, needed.start()) + 1, text.find("\n", needed.end())
            end = len(text) if end < 0 else end
            yield from form.pattern.finditer(text, start, end)


def _adjoin(text: str, left: Expression, right: Expression) -> bool:
    """Whether an hour and its day stand side by side."""
    return right.span.start - left.span.end <= 2 and text[left.span.end : right.span.start].strip() in ("", ",")


def dateline(text: str, published: datetime.date) -> datetime.date | None:
    """The day at the head of a wire report, if it lies in the week up to its publication.

    >>> dateline("QUILLANE, Oct. 12 — It rained today.", datetime.date(2024, 10, 13))
    datetime.date(2024, 10, 12)
    """
    line = DATELINE.search(text[:400])
    if line is None:
        return None
    for form in FORMS[:2]:
        match = form.pattern.search(line["date"])
        interval = (
            Expression(span=Span(start=0, end=1), basis="explicit", match=match, reading=form.reading).resolve(Frame(today=published))
            if match
            else None
        )
        if interval is not None:
            return interval.date if (published - interval.date).days < 7 else None
    return None


def head_end(text: str) -> int:
    """Where the page's own date at the head of a text ends; 0 if there is none.

    >>> head_end("Thursday, May 16, 2024 On Tuesday it rained.")
    23
    """
    found = PAGE_DATE.match(text)
    return found.end() if found else 0


def _is_point(text: str, span: Span) -> bool:
    """Whether an expression says when, not until when or which."""
    before = text[max(span.start - 24, 0) : span.start]
    if AT_OCCASION.search(before) and OCCASION_OF.match(text, span.end):
        return True
    if (NOT_A_POINT.search(before) and not WRITING_OF.search(before)) or NO_END.match(text, span.end):
        return False
    line = f"\n{before}" if span.start < len(before) + 1 else before
    if line.rstrip(" \t").endswith("\n") and REST_OF_LINE.match(text, span.end):
        return False
    if span.start < head_end(text):
        return False
    named = text[span.start].isupper() and BEFORE_NOUN.search(before) is not None
    return not named or OCCASION_NEXT.match(text, span.end) is not None


def _end(interval: Interval) -> datetime.date:
    """The last day of an interval."""
    first = interval.date
    match interval.precision:
        case "day":
            return first
        case "week":
            return first + datetime.timedelta(days=6)
        case "month":
            return first.replace(day=monthrange(first.year, first.month)[1])
        case "year":
            return first.replace(month=12, day=31)


def _interval(date: datetime.date, precision: Precision) -> Interval:
    """The day, week (from Monday), month or year in which a date lies."""
    match precision:
        case "day":
            first = date
        case "week":
            first = date - datetime.timedelta(days=date.weekday())
        case "month":
            first = date.replace(day=1)
        case "year":
            first = date.replace(month=1, day=1)
    return Interval(date=first, precision=precision)


def _moved(date: datetime.date, count: int, unit: str) -> datetime.date:
    """A date moved by so many days, weeks, months or years; in a shorter month, its last day."""
    if unit in ("day", "week"):
        return date + datetime.timedelta(days=count * (7 if unit == "week" else 1))
    months = date.year * 12 + date.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, min(date.day, monthrange(year, month + 1)[1]))


def _month(match: re.Match[str]) -> int:
    return MONTHS.index(match["month"][:3].lower()) + 1


def _count(match: re.Match[str]) -> int:
    words = match["count"].lower()
    return COUNTED[words] if words in COUNTED else int(words)


def _unit(match: re.Match[str]) -> Precision:
    return next(precision for precision in PRECISIONS if precision == match["unit"])


def _full_date(match: re.Match[str], frame: Frame) -> Interval | None:
    """A day and a month; without a year the latest such day, or the next one for what is still to be said."""
    day, month, year = int(match["day"]), _month(match), match["year"]
    if year is not None:
        return Interval(date=datetime.date(int(year), month, day), precision="day")
    if frame.today is None:
        return None
    for nearest in range(0, 8):  # 29 February may be years away
        year_tried = frame.today.year + (nearest if frame.future else -nearest)
        if day <= monthrange(year_tried, month)[1]:
            date = datetime.date(year_tried, month, day)
            if (date >= frame.today) if frame.future else (date <= frame.today):
                return Interval(date=date, precision="day")
    return None


def _numeric(match: re.Match[str], frame: Frame) -> Interval | None:
    """A date in figures, if it can be read in one way only."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if first <= 12 and second <= 12 and first != second:
        return None
    return Interval(date=datetime.date(year, min(first, second), max(first, second)), precision="day")


def _iso(match: re.Match[str], frame: Frame) -> Interval | None:
    return Interval(date=datetime.date.fromisoformat(match.group()), precision="day")


def _month_of_year(match: re.Match[str], frame: Frame) -> Interval | None:
    """A month with its year, or the latest such month."""
    month = _month(match)
    if match["year"] is not None:
        return Interval(date=datetime.date(int(match["year"]), month, 1), precision="month")
    if frame.today is None:
        return None
    year, this_month = frame.today.year, frame.today.month
    if match["which_year"] is not None:
        year -= match["which_year"] == "last"
    elif match["which"] is not None and match["which"].lower() == "last":
        year -= this_month <= month
    else:
        year += (this_month > month) if frame.future else -(this_month < month)
    return Interval(date=datetime.date(year, month, 1), precision="month")


def _year(match: re.Match[str], frame: Frame) -> Interval | None:
    return Interval(date=datetime.date(int(match["year"]), 1, 1), precision="year")


def _weekday(match: re.Match[str], frame: Frame) -> Interval | None:
    """The latest such day, today included; for what is still to be said the next one."""
    if frame.today is None:
        return None
    number = WEEKDAYS.index(match["weekday"][:3].lower())
    which, week = (match["which"] or "").lower(), match["week"]
    if week is not None:
        monday = _interval(frame.today, "week").date + datetime.timedelta(weeks={"last": -1, "this": 0, "next": 1}[week])
        return Interval(date=monday + datetime.timedelta(days=number), precision="day")
    if which in ("next", "this coming") and not frame.future:
        return None
    back = (frame.today.weekday() - number) % 7
    ahead = (number - frame.today.weekday()) % 7
    if frame.future:
        return Interval(date=frame.today + datetime.timedelta(days=ahead or 7 * (which == "next")), precision="day")
    return Interval(date=frame.today - datetime.timedelta(days=back or 7 * (which == "last")), precision="day")


def _deictic_day(match: re.Match[str], frame: Frame) -> Interval | None:
    """A day counted from today."""
    words = match["word"].lower()
    days = -2 if "before" in words else -1 if words in ("yesterday", "last night") else 1 if words == "tomorrow" else 0
    return None if frame.today is None else Interval(date=frame.today + datetime.timedelta(days=days), precision="day")


def _deictic_period(match: re.Match[str], frame: Frame) -> Interval | None:
    """This or last week, month or year."""
    count = {"last": -1, "next": 1}.get((match["which"] or "").lower(), 0)
    return None if frame.today is None else _interval(_moved(frame.today, count, match["unit"]), _unit(match))


def _ago(match: re.Match[str], frame: Frame) -> Interval | None:
    return None if frame.today is None else _interval(_moved(frame.today, -_count(match), match["unit"]), _unit(match))


def _same_day(match: re.Match[str], frame: Frame) -> Interval | None:
    """The day told last, or the one after or before it."""
    if frame.narrated is None or frame.narrated.precision != "day":
        return None
    words = match.group().lower()
    days = 1 if re.search("next|following|after$", words) else -1 if re.search("previous|before", words) else 0
    return _interval(_moved(frame.narrated.date, days, "day"), "day")


def _later(match: re.Match[str], frame: Frame) -> Interval | None:
    """So long after or before the time told last, no finer than either."""
    if frame.narrated is None:
        return None
    count = _count(match) * (-1 if match["way"] == "earlier" else 1)
    precision = max(_unit(match), frame.narrated.precision, key=PRECISIONS.index)
    return _interval(_moved(frame.narrated.date, count, match["unit"]), precision)


def _clock(match: re.Match[str], frame: Frame) -> Interval | None:
    """An hour without a day is one of the day told last."""
    return frame.narrated if frame.narrated is not None and frame.narrated.precision == "day" else None


_DEICTIC = r"today|tonight|yesterday|tomorrow|the[ ]day[ ]before[ ]yesterday|last[ ]night|this[ ](?:morning|afternoon|evening|lunchtime)"
_OPENING = r"(?:(?<![\w ])|(?<=[\n.?!:;”\"’“—–][ ]))"
"""Where a word may have a capital letter though it is no name."""

_A_MONTH, _A_YEAR = "|".join(name.capitalize() for name in MONTHS), r"(?:1[6-9]|20)\d\d"
_ANY_DAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of the grammar: its pattern, the kind of its words, how it is read, and what every match of it holds.

    What is needed begins with letters of one case, which are found fast; None where it can be written in either.
    """

    pattern: re.Pattern[str]
    needs: re.Pattern[str] | None
    basis: TimeBasis
    reading: Reading


def _form(pattern: str, needs: str | None, basis: TimeBasis, reading: Reading) -> Form:
    return Form(pattern=re.compile(pattern), needs=None if needs is None else re.compile(needs), basis=basis, reading=reading)


FORMS = (
    _form(
        rf"\b{_ON}(?:{_DAY_NAME},?[ ])?(?:the[ ])?(?<![\d.,]){_DAY}(?:[ ]of)?[ ]{_MONTH}(?:,?[ ]{_YEAR})?(?!\w)",
        _A_MONTH,
        "explicit",
        _full_date,
    ),
    _form(rf"\b{_ON}(?:{_DAY_NAME},?[ ])?{_MONTH}[ ]{_DAY}(?![\d:%]|[.,]\d)(?:,?[ ]{_YEAR})?(?!\w)", _A_MONTH, "explicit", _full_date),
    _form(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])", r"-\d\d-", "explicit", _iso),
    _form(rf"(?<![\w/.])(?:on[ ])?(?P<first>\d{{1,2}})([/.])(?P<second>\d{{1,2}})\2{_YEAR}", _A_YEAR, "explicit", _numeric),
    _form(
        rf"\b(?:[Bb]ack[ ])?(?:[Ii]n|(?P<which>[Ll]ast|[Tt]his))[ ]{_LATE}{_MONTH}"
        rf"(?:(?:[ ]of)?,?[ ]{_YEAR}|(?:[ ]of)?[ ](?P<which_year>last|this)[ ]year)?(?![\w-]|[ ]\d)",
        _A_MONTH,
        "explicit",
        _month_of_year,
    ),
    _form(rf"\b(?:[Bb]ack[ ])?[Ii]n[ ]{_LATE}{_YEAR}(?!\w|[-–]\d)", _A_YEAR, "explicit", _year),
    _form(
        rf"\b{_ON}(?:(?P<which>(?i:last|this[ ]past|this[ ]coming|next|this))[ ])?{_DAY_NAME}{_PART}?"
        r"(?:(?:[ ]of)?[ ](?P<week>last|this|next)[ ]week)?\b",
        _ANY_DAY,
        "weekday",
        _weekday,
    ),
    _form(rf"\b{_LATE}(?P<word>{_DEICTIC}|{_OPENING}(?i:{_DEICTIC})){_PART}?\b(?![ ](?:programme|show)\b)", None, "relative", _deictic_day),
    _form(rf"\b{_LATE}(?P<which>(?i:last|this|next))[ ]{_UNIT}\b", " (?:day|week|month|year)", "relative", _deictic_period),
    _form(rf"\b(?i:earlier|later)[ ](?P<which>)in[ ]the[ ]{_UNIT}\b", "in the ", "relative", _deictic_period),
    _form(rf"\b(?i:{_COUNT})[ ]{_UNIT}s?[ ]ago\b", " ago", "relative", _ago),
    _form(
        r"\b(?i:(?:on[ ]|later[ ]|earlier[ ])?(?:that|(?:that|the)[ ](?:very[ ])?(?:same|next|following|previous))[ ]"
        r"(?:day|morning|afternoon|evening|night)|the[ ]day[ ](?:before|after)(?=[,.;]|[ ](?:he|she|they|it)\b))\b",
        None,
        "relative",
        _same_day,
    ),
    _form(rf"\b(?i:{_COUNT})[ ]{_UNIT}s?[ ](?P<way>later|earlier)\b", " (?:later|earlier)", "relative", _later),
    _form(CLOCK.pattern, HOUR.pattern, "relative", _clock),
)
"""Every form of the grammar."""
