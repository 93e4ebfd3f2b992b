"""The toy in the extractor's place, with words that it dies of, never ends with, or breaks down over; other processes import it."""

import os
import re
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import toy

from quoth.errors import ModelError
from quoth.types import Article, Statement

ONCE = re.compile(r"DIE ONCE (\S+)")


def extract(article: Article) -> tuple[Statement, ...]:
    text = article.text
    if (found := ONCE.search(text)) is not None and not Path(found[1]).exists():
        Path(found[1]).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "DIE NOW" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "HANG" in text:
        threading.Event().wait()
    if "BREAK" in text:
        raise IndexError(text)
    if "NO MODEL" in text:
        raise ModelError("the model is missing")
    return toy.extract_article(article)


def extract_slowly(article: Article) -> tuple[Statement, ...]:
    """Takes its time, so that there is one to be killed in."""
    time.sleep(0.004)
    return toy.extract_article(article)


def mortal() -> Callable[[int], int]:
    return _tenfold


def _tenfold(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 10
