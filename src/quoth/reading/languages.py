"""Which language a text is in: what its page declares, and what its words say."""

import re
from functools import cache
from typing import Any

ENGLISH = "en"
ENOUGH = 60
"""Letters from which on the words themselves tell the language."""
SAMPLE = 1_500
NEWS_LANGUAGES = (
    "af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lt lv mk ml mn "
    "mr ms mt my ne nl no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh zu"
).split()
"""The languages told apart: those of the press. Among all that py3langid knows, a short English text may pass for a creole or a dialect."""
LETTER = re.compile(r"[^\W\d_]")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def language_of(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 code of a text's language: by its words if they are enough, else as declared; None if neither tells.

    Without py3langid (of the extra `news`) only the declaration and the script tell.

    >>> language_of("Le maire a dit que le pont serait fermé dès le mois de juin, et que rien ne changerait.", declared="en")
    'fr'
    """
    sample = text[:SAMPLE]
    letters = len(LETTER.findall(sample))
    if letters < ENOUGH:
        return declared
    return _by_words(sample) or declared


def foreign(text: str, language: str | None) -> str | None:
    """Why a text does not count as English: the code of its language, or that its script is another; None if it does.

    >>> foreign("שלום", None), foreign("It rained.", None)
    ('another script', None)
    """
    if language not in (None, ENGLISH):
        return language
    letters = LETTER.findall(text[:SAMPLE])
    return "another script" if sum(map(bool, map(LATIN.match, letters))) < len(letters) / 2 else None


def _by_words(sample: str) -> str | None:
    identifier = _identifier()
    return None if identifier is None else str(identifier.classify(sample)[0])


@cache
def _identifier() -> Any:
    """The identifier of languages; None where py3langid is not installed."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ModuleNotFoundError:
        return None
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([code for code in NEWS_LANGUAGES if code in identifier.nb_classes])
    return identifier
