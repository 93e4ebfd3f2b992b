"""When the words were said: the time told of a cue, or of the occasion on which the words were said; never the publication date by default.

A time expression dates a statement if it modifies the cue (`cues`). What the report then tells of the same occasion is carried over,
in the few shapes where that is certain (`occasions`).
"""

import datetime
from collections.abc import Sequence

from quoth.dates.carrying import carried
from quoth.dates.cues import own
from quoth.dates.report import Report
from quoth.types import Attribution, Said, Speaker


def said_on(
    text: str,
    attributions: Sequence[Attribution],
    published: datetime.date | None,
    *,
    speakers: Sequence[Speaker | None] | None = None,
) -> tuple[Said | None, ...]:
    """When each statement was said, so far as the report tells: one answer an attribution, in their order.

    `published` is the day of the report: weekdays and "yesterday" are counted from it, and without it only full dates are read.
    `speakers`, one an attribution where known, tell better than the words of the sources whether the same speaker goes on.

    >>> from quoth.types import Span
    >>> text = "The dam is safe, officials said on Thursday."
    >>> attribution = Attribution(
    ...     content=(Span(start=0, end=15),), cue=Span(start=27, end=31), source=Span(start=17, end=26),
    ...     kind="indirect", confidence=1, source_confidence=1,
    ... )
    >>> [said] = said_on(text, [attribution], datetime.date(2024, 5, 16))
    >>> said.date, said.evidence.slice(text)
    (datetime.date(2024, 5, 16), 'on Thursday')
    """
    report = Report(text, attributions, published, speakers if speakers is not None else [None] * len(attributions))
    return carried(report, [own(report, voice) for voice in report.voices])
