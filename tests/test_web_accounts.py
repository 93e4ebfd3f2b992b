"""Who may enter the reading room, and what they may do there."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")

from fastapi.testclient import TestClient
from typer.testing import CliRunner
from web_archive import make

from quoth.cli import app as cli
from quoth.errors import QuothError
from quoth.web.accounts import LASTS, PAUSE, SHORTEST, TRIES, Accounts, Brake, Sessions
from quoth.web.app import create_app
from quoth.web.remembering import CHEAP, FRESH, STALE, Remembered
from quoth.web.rendering import STATIC_ADDRESS

HERE = "https://news.example"
OWN = {"origin": HERE}
PASSWORDS = {"Rea": "reads all day", "Rev": "reviews all day", "Adm": "administers"}


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("accounts") / "accounts.json"
    kept = Accounts(file)
    kept.put("Rea", "reader", PASSWORDS["Rea"])
    kept.put("Rev", "reviewer", PASSWORDS["Rev"])
    kept.put("Adm", "admin", PASSWORDS["Adm"])
    return file


@pytest.fixture
def room(accounts: Path, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(make(tmp_path / "quoth.db"), accounts=accounts, hosts=["News.example"])
    with TestClient(app, base_url=HERE, follow_redirects=False) as client:
        yield client


def enter(room: TestClient, name: str, password: str | None = None) -> int:
    told = {"name": name, "password": password or PASSWORDS[name], "to": "/search?q=a"}
    return room.post("/login", data=told, headers=OWN).status_code


def test_nobody_enters_without_a_name(room: TestClient) -> None:
    answer = room.get("/search?q=a")
    assert answer.headers["location"] == f"{HERE}/login?to=%2Fsearch%3Fq%3Da"
    assert room.get("/login").status_code == 200
    assert room.get(f"{STATIC_ADDRESS}/reading-room.css").status_code == 200
    for address in ("/search.json", "/api/v1/search", "/search.atom", "/reconcile", "/openapi.json"):
        assert room.get(address).status_code == 401
    assert room.post("/review", data={"row": 1, "action": "accept"}, headers=OWN).status_code == 303


def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_see(room: TestClient) -> None:
    answer = room.post("/login", data={"name": "Rev", "password": PASSWORDS["Rev"], "to": "//evil.example"}, headers=OWN)
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "secure", "path=/"))
    assert room.get("/").status_code == 200
    assert room.post("/logout", headers={"origin": "https://evil.example"}).status_code == 403
    assert room.post("/logout", headers=OWN).headers["location"] == "/login"
    assert room.get("/").status_code == 303


@pytest.mark.parametrize(
    ("name", "reviews", "names"),
    [("Rea", 403, 403), ("Rev", 303, 303), ("Adm", 303, 303)],
)
def test_roles_are_kept_apart(room: TestClient, name: str, reviews: int, names: int) -> None:
    assert enter(room, name) == 303
    assert room.get("/report/1").status_code == 200
    assert room.post("/review", data={"row": 1, "action": "accept"}, headers=OWN).status_code == reviews
    assert room.post("/person/name:Cay Moor/merge", data={"other": "name:Moor"}, headers=OWN).status_code == names
    assert ("Say who this is" in room.get("/person/name:Bo Lind").text) == (name != "Rea")
    if reviews == 303:
        assert room.get("/statement/1.json").json()["reviews"][0]["reviewer"] == name


@pytest.mark.parametrize(("name", "status"), [("Rev", 403), ("Adm", 303)])
def test_what_another_said_of_people_is_taken_back_by_admins(room: TestClient, name: str, status: int) -> None:
    def may_take_back() -> bool:
        return "Take back" in room.get("/people/changes").text

    enter(room, "Rev" if name == "Adm" else "Adm")
    room.post("/person/name:Cay Moor/merge", data={"other": "name:Moor"}, headers=OWN)
    number = room.get("/people/changes.json").json()["changes"][0]["number"]
    assert may_take_back()
    room.post("/logout", headers=OWN)
    enter(room, name)
    assert may_take_back() == (status == 303)
    assert room.post("/people/undo", data={"number": number}, headers=OWN).status_code == status


def test_a_token_is_a_program_s_name(room: TestClient, accounts: Path) -> None:
    token = Accounts(accounts).new_token("Rev", "script")
    bearer = {"authorization": f"Bearer {token}"}
    assert room.get("/api/v1/search", headers=bearer).status_code == 200
    assert room.post("/api/v1/statements/1/reviews", json={"action": "accept"}, headers=bearer).status_code == 201
    assert room.get("/api/v1/search", headers={"authorization": "Bearer wrong"}).status_code == 401
    Accounts(accounts).new_token("Rev", "script")
    assert room.get("/api/v1/search", headers=bearer).status_code == 401


def test_those_who_guess_must_wait(room: TestClient) -> None:
    assert [enter(room, "Rea", "wrong") for _ in range(TRIES)] == [403] * TRIES
    answer = room.post("/login", data={"name": "Rea", "password": PASSWORDS["Rea"]}, headers=OWN)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_the_brake_lets_go_after_a_while() -> None:
    now = [0.0]
    brake = Brake(lambda: now[0])
    for _ in range(TRIES):
        assert brake.tries(("a", TRIES), ("b", TRIES + 1)) == 0
    assert brake.tries(("a", TRIES), ("b", TRIES + 1)) == PAUSE
    assert brake.tries(("b", TRIES + 1)) == 0  # one who had to wait was not counted
    assert brake.tries(("b", TRIES + 1)) == PAUSE
    assert brake.tries(("c", TRIES)) == 0
    now[0] = PAUSE + 1
    assert brake.tries(("a", 1)) == 0
    brake.passed("a")
    assert brake.tries(("a", 1)) == 0


def test_a_name_that_is_none_takes_as_long_as_a_wrong_password(room: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()
    monkeypatch.setattr("quoth.web.accounts.scrypt", lambda password, salt=None: asked.append(password) or "x:")
    assert [enter(room, name, "wrong") for name in ("Rea", "Nobody", "")] == [403, 403, 400]
    assert len(asked) == 2


def test_a_session_ends(accounts: Path) -> None:
    now, kept = [0.0], Accounts(accounts)
    sessions = Sessions(lambda: now[0])
    account = kept.get("Rea")
    assert account is not None
    word = sessions.open(account)
    now[0] = LASTS - 1
    assert sessions.account(word, kept) == account
    now[0] += LASTS - 1
    kept.put("Rea", "reader", PASSWORDS["Rea"])
    assert sessions.account(word, kept) is None  # the password was set anew
    other = sessions.open(kept.get("Rea") or account)
    now[0] += LASTS + 1
    assert sessions.account(other, kept) is None
    assert sessions.account("", kept) is None


def test_the_file_holds_no_password_and_is_the_owner_s(accounts: Path) -> None:
    written = accounts.read_text("utf-8")
    assert not any(password in written for password in PASSWORDS.values())
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert Accounts(accounts).admit("Rea", PASSWORDS["Rea"])
    assert Accounts(accounts).admit("Rea", "wrong") is None
    assert Accounts(accounts).admit("Nobody", "wrong") is None


@pytest.mark.parametrize(
    ("name", "password"), [("", "long enough"), ("a\nb\x00", "long enough"), ("x" * 101, "long enough"), ("Ama", "x" * (SHORTEST - 1))]
)
def test_no_account_without_a_name_and_a_password(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(QuothError):
        Accounts(tmp_path / "a.json").put(name, "reader", password)


@pytest.mark.parametrize("written", ["", "{}", "[]", '{"accounts": [{"name": "A", "role": "king", "password": "x"}]}'])
def test_a_file_that_is_none_lets_nobody_in(tmp_path: Path, written: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(written)
    with pytest.raises(QuothError, match="no file of accounts"):
        Accounts(file).all()


def test_accounts_on_the_command_line(tmp_path: Path) -> None:
    file = str(tmp_path / "a.json")

    def run(*words: str, typed: str = "") -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["accounts", *words, "--accounts", file], input=typed)
        return result.exit_code, result.output

    assert run("add", "Ama", "--role", "admin", typed="long enough\n") == (0, "")
    assert run("add", "Bo", typed="short\n")[0] == 1
    code, token = run("token", "Ama", "script")
    assert code == 0
    assert Accounts(Path(file)).bearer(token.strip())
    assert run("list") == (0, "Ama: admin (tokens: script)\n")
    assert run("remove", "Ama") == (0, "")
    assert run("remove", "Ama")[0] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--host", "0.0.0.0"], "need --accounts"),
        (["--host", "0.0.0.0", "--accounts", "nowhere.json"], "accounts add"),
        (["--archive", "nowhere.db"], "no such archive"),
    ],
)
def test_serve_says_what_is_missing(words: list[str], told: str) -> None:
    result = CliRunner().invoke(cli, ["serve", *words])
    assert result.exit_code in (1, 2)
    assert told in re.sub(r"[\s│]+", " ", result.output)


def test_serve_names_the_extra_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "quoth.web.listening", raising=False)
    result = CliRunner().invoke(cli, ["serve"])
    assert result.exit_code == 2
    assert "pip install 'quoth[web]'" in result.output


def test_what_was_counted_is_remembered_and_renewed() -> None:
    now, asked = [0.0], list[int]()
    remembered = Remembered(lambda: now[0])

    def count() -> int:
        asked.append(1)
        return len(asked)

    assert [remembered.get("a", count) for _ in range(3)] == [1, 1, 1]
    now[0] = STALE + 1
    assert remembered.get("a", count) == 2
    remembered.forget()
    assert remembered.get("a", count) == 3
    now[0] += FRESH + 1
    assert remembered.get("a", count) == 3

    def slow() -> str:
        now[0] += CHEAP + 1
        return "slow"

    assert remembered.get("b", slow) == "slow"
    remembered.forget()
    assert remembered.get("b", lambda: "new") == "slow"
