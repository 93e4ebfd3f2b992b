"""Who may enter: accounts with roles, passwords and tokens in one file; sessions; a brake on those who guess.

Passwords are kept as scrypt (RFC 7914), tokens as SHA-256 of 256 random bits. The file is the owner's to read and nobody else's.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from quoth.errors import QuothError

Role = Literal["reader", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Who may read; who may also correct statements and add reports; who may also say who is who."""
COST = (2**14, 8, 1)
"""What scrypt costs: rounds, block size, lanes; about 50 ms and 16 MB."""
SHORTEST = 10
"""Characters of a password."""
LASTS = 12 * 3600.0
"""Seconds that a session lasts after it was last used."""
TRIES, PAUSE = 5, 900.0
"""Wrong passwords for one name, and seconds until the next may be tried."""
TRIES_FROM = 50
"""Wrong passwords from one address: many may share it, behind a server that stands in front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who asks."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether a role is his or below his.

        >>> User(name="Ama", role="reviewer").may("reader"), User(name="Ama", role="reviewer").may("admin")
        (True, False)
        """
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One who may enter: his role, his password's scrypt hash with its salt, the hashes of his tokens by their names."""

    name: str
    role: Role
    password: str
    tokens: tuple[tuple[str, str], ...] = ()

    @property
    def user(self) -> User:
        """Who that is when he asks."""
        return User(name=self.name, role=self.role)


def scrypt(password: str, salt: bytes | None = None) -> str:
    """A password as it is kept: the salt and the hash."""
    salt = salt or secrets.token_bytes(16)
    rounds, block, lanes = COST
    key = hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=rounds, r=block, p=lanes, maxmem=2**26)
    return f"{base64.b64encode(salt).decode()}:{base64.b64encode(key).decode()}"


def is_password(password: str, kept: str) -> bool:
    """Whether a password is the one that was kept."""
    salt = base64.b64decode(kept.partition(":")[0])
    return hmac.compare_digest(scrypt(password, salt), kept)


NOBODY = scrypt(secrets.token_urlsafe(), b"0" * 16)
"""What a password is compared with where there is no such account, so that both take as long."""


class Accounts:
    """The accounts of a file; read again when the file changed. Any thread may ask."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._read_at: tuple[int, int] | None = None
        self._accounts: dict[str, Account] = {}

    def all(self) -> tuple[Account, ...]:
        """Every account, by name. Raises QuothError if the file cannot be read."""
        with self._lock:
            self._refresh()
            return tuple(self._accounts[name] for name in sorted(self._accounts))

    def get(self, name: str) -> Account | None:
        """The account of a name."""
        with self._lock:
            self._refresh()
            return self._accounts.get(name)

    def admit(self, name: str, password: str) -> User | None:
        """Who enters with a name and a password; None if that is nobody. Takes as long either way."""
        account = self.get(name)
        right = is_password(password, account.password if account else NOBODY)
        return account.user if account and right else None

    def bearer(self, token: str) -> User | None:
        """Whose token that is."""
        digest = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
        for account in self.all():
            if any(hmac.compare_digest(digest, kept) for _, kept in account.tokens):
                return account.user
        return None

    def put(self, name: str, role: Role, password: str) -> None:
        """Makes an account, or gives one another role and password. Raises QuothError for a name or password that is none."""
        clean = " ".join(name.split())
        if not 0 < len(clean) <= 100 or not clean.isprintable():
            raise QuothError("a name of 1 to 100 letters, please", concerns=name[:40])
        if len(password) < SHORTEST:
            raise QuothError(f"a password has at least {SHORTEST} characters")
        known = self.get(clean)
        self._write([*self._others(clean), Account(name=clean, role=role, password=scrypt(password), tokens=known.tokens if known else ())])

    def new_token(self, name: str, label: str) -> str:
        """A token for programs that act as this account; it is told this once. Raises QuothError if there is no such account."""
        account = self._known(name)
        token = f"quoth_{secrets.token_urlsafe(32)}"
        kept = [(told, digest) for told, digest in account.tokens if told != label]
        tokens = (*kept, (label, hashlib.sha256(token.encode()).hexdigest()))
        self._write([*self._others(name), replace(account, tokens=tokens)])
        return token

    def remove(self, name: str) -> None:
        """Takes an account away, with its tokens. Raises QuothError if there is no such account."""
        self._known(name)
        self._write(self._others(name))

    def _known(self, name: str) -> Account:
        account = self.get(name)
        if account is None:
            raise QuothError("no such account", concerns=name)
        return account

    def _others(self, name: str) -> list[Account]:
        return [account for account in self.all() if account.name != name]

    def _refresh(self) -> None:
        try:
            state = self.path.stat()
        except FileNotFoundError:
            self._accounts, self._read_at = {}, None
            return
        except OSError as error:
            raise QuothError(f"cannot be read: {error.strerror}", concerns=str(self.path)) from error
        changed = (state.st_mtime_ns, state.st_size)
        if changed == self._read_at:
            return
        try:
            written = json.loads(self.path.read_text("utf-8"))
            accounts = [_account(one) for one in written["accounts"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise QuothError("no file of accounts", concerns=str(self.path)) from error
        self._accounts, self._read_at = {account.name: account for account in accounts}, changed

    def _write(self, accounts: Iterable[Account]) -> None:
        """Writes the file aside and puts it in its place, for its owner alone."""
        written = {"accounts": [_json(account) for account in sorted(accounts, key=lambda account: account.name)]}
        aside = self.path.with_name(f"{self.path.name}.part")
        try:
            aside.unlink(missing_ok=True)
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
                json.dump(written, stream, ensure_ascii=False, indent=1)
            aside.replace(self.path)
        except OSError as error:
            raise QuothError(f"cannot be written: {error.strerror}", concerns=str(self.path)) from error


class Sessions:
    """Who has logged in here, by a random word in a cookie. They end when the room closes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, tuple[str, str, float]] = {}

    def open(self, account: Account) -> str:
        """The word by which he is known from now on."""
        word = secrets.token_urlsafe(32)
        with self._lock:
            now = self._clock()
            self._sessions = {word: session for word, session in self._sessions.items() if session[2] > now}
            self._sessions[word] = (account.name, account.password, now + LASTS)
        return word

    def account(self, word: str, accounts: Accounts) -> Account | None:
        """Who is known by a word, as his account is now; a new password ends the sessions of the old one."""
        with self._lock:
            name, password, until = self._sessions.get(word, ("", "", 0.0))
            if until <= self._clock():
                self._sessions.pop(word, None)
                return None
        account = accounts.get(name)
        if account is None or account.password != password:
            return None
        with self._lock:
            if word in self._sessions:
                self._sessions[word] = (name, password, self._clock() + LASTS)
        return account

    def close(self, word: str) -> None:
        """Forgets a word."""
        with self._lock:
            self._sessions.pop(word, None)


class Brake:
    """Counts tries of passwords by name and by address, and makes those wait who had too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: dict[str, list[float]] = {}

    def tries(self, *keys: tuple[str, int]) -> float:
        """Counts a try, and gives 0; or the seconds until there may be one. Each key goes with how many it may have.

        A try counts before it is known to be wrong, so that many at once are no more than one after the other.
        """
        with self._lock:
            now = self._clock()
            self._tries = {key: recent for key, times in self._tries.items() if (recent := [at for at in times if at > now - PAUSE])}
            for key, most in keys:
                recent = self._tries.get(key, [])
                if len(recent) >= most:
                    return recent[-most] + PAUSE - now
            for key, _ in keys:
                self._tries.setdefault(key, []).append(now)
            return 0.0

    def passed(self, *keys: str) -> None:
        """Forgets the tries of one who knew the password after all."""
        with self._lock:
            for key in keys:
                self._tries.pop(key, None)


def _account(written: dict[str, object]) -> Account:
    role = written["role"]
    if role not in ROLES:
        raise ValueError(role)
    tokens = written.get("tokens")
    pairs = tuple((str(name), str(digest)) for name, digest in tokens.items()) if isinstance(tokens, dict) else ()
    return Account(name=str(written["name"]), role=role, password=str(written["password"]), tokens=pairs)


def _json(account: Account) -> dict[str, object]:
    return {"name": account.name, "role": account.role, "password": account.password, "tokens": dict(account.tokens)}
