"""What reviewers decide in the reading room: one after the other, against one another, about people."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")

from fastapi.testclient import TestClient
from web_archive import OWN, make, visitor


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """A room that a test may change."""
    with visitor(make(tmp_path / "own.db")) as client:
        yield client


def test_a_reviewer_decides_one_after_the_other_and_takes_it_back(own: TestClient) -> None:
    seen = []
    for action in ("accept", "reject", "not_said"):
        row = int(re.search(r'name="row" value="(\d+)"', own.get("/review").text)[1])  # type: ignore[index]
        answer = own.post("/review", data={"row": row, "action": action}, headers=OWN)
        assert answer.headers["location"].startswith("/review?done=")
        assert "Undo" in own.get(answer.headers["location"]).text
        seen.append(row)
    assert len(set(seen)) == 3
    assert own.get(f"/statement/{seen[1]}.json").json()["status"] == "rejected"
    undo = own.post("/review/undo", data={"number": 2}, headers=OWN)
    assert undo.headers["location"] == f"/review?row={seen[1]}"
    assert own.get(f"/statement/{seen[1]}.json").json()["status"] == "extracted"
    assert [review["action"] for review in own.get(f"/statement/{seen[1]}.json").json()["reviews"]] == ["reject", "undo"]
    assert own.post("/review/undo", data={"number": 2}, headers=OWN).status_code == 409
    skipped = re.search(r'href="(/review\?skip=\d+)"', own.get("/review").text)
    assert skipped
    assert own.get(skipped[1]).status_code == 200


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"words": '"We will not sail."'}, '"We will not sail."'),
        ({"words": '"One pilot cannot […] "We will not'}, '"One pilot cannot […] "We will not'),
        ({"words": "anything", "spans": "50-60"}, None),
    ],
)
def test_the_words_of_a_statement_are_set_right(own: TestClient, told: dict[str, str], words: str | None) -> None:
    answer = own.post("/review", data={"row": 1, "action": "edit", "back": "statement", **told}, headers=OWN)
    assert answer.headers["location"] == "/statement/1"
    found = own.get("/statement/1.json").json()
    assert found["words"] == (words or own.get("/report/1.json").json()["text"][50:60])


def test_words_that_are_nowhere_change_nothing(own: TestClient) -> None:
    answer = own.post("/review", data={"row": 1, "action": "edit", "words": "nowhere"}, headers=OWN)
    assert answer.status_code == 422
    assert "Not in the text" in answer.text or "not in the text" in answer.text


def test_the_speaker_and_the_day_are_set_by_the_api(own: TestClient) -> None:
    id = own.get("/search.json?q=freight").json()["hits"][0]["id"]
    told = own.post(f"/api/v1/statements/{id}/reviews", json={"action": "speaker", "name": "Eva Port"})
    assert told.status_code == 201
    assert told.json()["statement"]["speaker"]["name"] == "Eva Port"
    assert own.post(f"/api/v1/statements/{id}/reviews", json={"action": "said", "date": "2024-03-13"}).status_code == 201
    assert own.get(f"/statement/{id}.json").json()["said_on"]["date"] == "2024-03-13"
    assert own.post(f"/api/v1/reviews/{told.json()['review']}/undo", json={}).status_code == 201
    assert own.get(f"/statement/{id}.json").json()["speaker"] is None
    assert own.post(f"/api/v1/statements/{id}/reviews", json={"action": "shout"}).status_code == 400


def test_two_reviewers_who_differ_bring_a_statement_back(tmp_path: Path) -> None:
    path = make(tmp_path / "two.db")
    rooms = [visitor(path, name) for name in ("Ama", "Bo", "Cay")]
    rooms[0].post("/review", data={"row": 2, "action": "accept"}, headers=OWN)
    second = rooms[1].get("/review?queue=second").text
    assert 'name="row" value="2"' in second
    rooms[1].post("/review", data={"row": 2, "action": "reject"}, headers=OWN)
    third = rooms[2].get("/review").text
    assert "1 disputed" in third
    assert 'name="row" value="2"' in third
    assert "agree on 0 % of 1" in third


def test_who_is_contradicted_looks_again(tmp_path: Path) -> None:
    path = make(tmp_path / "again.db")
    ama, bo = (visitor(path, name) for name in ("Ama", "Bo"))

    def say(room: TestClient, action: str, name: str = "") -> None:
        assert room.post("/review", data={"row": 2, "action": action, "name": name}, headers=OWN).status_code == 303

    def disputed(room: TestClient) -> tuple[bool, list[str]]:
        told = room.get("/review.json").json()
        return told["next"]["row"] == 2, told["differing"]

    say(ama, "accept")
    say(bo, "speaker", "Cay Moor")
    assert disputed(ama) == (True, ["speaker"])
    assert "set the speaker to Cay Moor" in ama.get("/review").text
    assert disputed(bo) == (False, [])
    say(ama, "speaker", "Ama Reed")
    assert disputed(bo) == (True, ["speaker"])
    say(bo, "speaker", "Bo Lind")
    assert disputed(ama) == (False, []), "both looked twice: it waits for a third"
    say(bo, "speaker", "Ama Reed")
    assert not disputed(ama)[0]
    assert ama.get("/review.json").json()["agreement"] == {"both": 1, "same": 1}


def test_people_are_merged_renamed_and_split(own: TestClient) -> None:
    merged = own.post("/person/name:Moor/merge", data={"other": "name:Cay Moor"}, headers=OWN)
    page = merged.headers["location"]
    assert own.get(page).status_code == 200
    assert own.get("/person/name:Moor.json").json()["person"] == own.get(f"{page}.json").json()["person"], "old links lead to who it is"
    assert own.post(f"{page}/rename", data={"name": "Cay Moor"}, headers=OWN).status_code == 303
    assert own.get(f"{page}.json").json()["statements"] == 2
    split = own.post(f"{page}/split", data={"names": ["Moor"]}, headers=OWN)
    assert split.headers["location"] != page
    changes = own.get("/people/changes.json").json()["changes"]
    assert [change["told"] for change in changes][-1].startswith("Cay Moor is Moor")
    assert own.post("/people/undo", data={"number": changes[0]["number"]}, headers=OWN).status_code == 303
    assert own.get(f"{page}.json").json()["statements"] == 2
    assert own.post(f"{page}/merge", data={"other": "nobody at all"}, headers=OWN).status_code == 409
