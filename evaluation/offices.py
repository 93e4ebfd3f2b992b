"""Who held an office in a country on a day: forty questions, asked of a table of people.

    python -m evaluation.offices [TABLE]

The questions are in `offices.jsonl`, the table is the shared one of office-holders where none is given. Prints how many were answered
rightly, not at all and wrongly, and each that was not answered rightly; ends with 1 where a wrong one is among them.
"""

import datetime
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

from evaluation.sets import SHARED
from quoth.people import NICKNAMES, People
from quoth.people.matching import agree, read_name

QUESTIONS = Path(__file__).with_name("offices.jsonl")
TABLE = SHARED / "corpora" / "office-holders.csv.gz"


def read_questions(path: Path = QUESTIONS) -> list[dict[str, str]]:
    """The questions: country, position, date and the name that is expected."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def answer(people: People, question: dict[str, str]) -> tuple[str, str]:
    """Whether a question is answered rightly ("right", "none" or "wrong"), and the name that is given."""
    found = people.holder(question["position"], question["country"], on=datetime.date.fromisoformat(question["date"]))
    if found.person is None:
        return "none", "; ".join(person.name for person in found.candidates)
    given, expected = read_name(found.person.name), read_name(question["expected"])
    same = given is not None and expected is not None and agree(given, expected, NICKNAMES)
    return "right" if same else "wrong", found.person.name


def measure(people: People) -> tuple[Counter[str], list[str]]:
    """How the questions are answered, and one line for each that is not answered rightly."""
    counted: Counter[str] = Counter()
    missed: list[str] = []
    for question in read_questions():
        verdict, given = answer(people, question)
        counted[verdict] += 1
        if verdict != "right":
            missed.append(f"{verdict}: {question['country']}, {question['position']}, {question['date']}: {given or 'nobody'}")
    return counted, missed


def shares(people: People) -> dict[str, float]:
    """Of the questions the share answered rightly, and the share not answered wrongly."""
    counted, _ = measure(people)
    total = counted.total()
    return {"offices.right": counted["right"] / total, "offices.not_wrong": 1 - counted["wrong"] / total}


def main(table: Path = TABLE) -> int:
    """Prints the figures; 1 if an answer is wrong, 0 otherwise and where the table is not there."""
    if not table.exists():
        print(f"{table} is not there: nothing measured")
        return 0
    counted, missed = measure(People.load(table))
    signature = hashlib.sha256(table.read_bytes()).hexdigest()[:12]
    figures = ", ".join(f"{verdict} {counted[verdict]}" for verdict in ("right", "none", "wrong"))
    print(f"offices: {figures} of {counted.total()}; {table.name} {signature}")
    print(*missed, sep="\n", end="\n" if missed else "")
    return 1 if counted["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
