"""What is costly to count is remembered for a while; an answer that is old is given once more while a new one is worked out."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

Value = TypeVar("Value")
FRESH = 30.0
"""Seconds for which an answer is as good as new."""
STALE = 600.0
"""Seconds after which an answer is not given any more."""
CHEAP = 0.2
"""Seconds within which an answer is worked out anew rather than given although it is old."""
MOST = 500


class Remembered:
    """Answers by their question. Any thread may ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[float, float, object]] = OrderedDict()
        self._renewing: set[Hashable] = set()

    def get(self, question: Hashable, answer: Callable[[], Value]) -> Value:
        """The answer, worked out if there is none; one that is no longer fresh is renewed behind the asker's back."""
        with self._lock:
            known = self._answers.get(question)
            age = self._clock() - known[0] if known else STALE
            renew = known is not None and FRESH <= age < STALE and question not in self._renewing
            if renew:
                self._renewing.add(question)
        if known is None or age >= STALE:
            return self._keep(question, answer)
        if renew:
            threading.Thread(target=self._renew, args=(question, answer), daemon=True).start()
        return known[2]  # type: ignore[return-value]  # what a question was answered with is what it is answered with

    def forget(self) -> None:
        """Forgets what is soon worked out anew, because something was written; what is costly is old from now on, and renewed."""
        with self._lock:
            now = self._clock()
            costly = {question: known for question, known in self._answers.items() if known[1] > CHEAP}
            self._answers = OrderedDict((question, (min(at, now - FRESH), cost, value)) for question, (at, cost, value) in costly.items())

    def _keep(self, question: Hashable, answer: Callable[[], Value]) -> Value:
        began = self._clock()
        value = answer()
        with self._lock:
            self._answers[question] = (self._clock(), self._clock() - began, value)
            self._answers.move_to_end(question)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return value

    def _renew(self, question: Hashable, answer: Callable[[], Value]) -> None:
        try:
            self._keep(question, answer)
        except Exception:  # the old answer stays, and the next asker meets the error himself
            return
        finally:
            with self._lock:
                self._renewing.discard(question)
