"""The rules of a sign-up, in the words of its page: name, address, password."""

from __future__ import annotations

import re

__all__ = ["password_fault", "sign_up_fault"]

_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]{2,}")
_SHORTEST, _LONGEST = 8, 200
_COMMON = frozenset(
    {"password", "passwort", "12345678", "123456789", "1234567890", "qwertyui", "qwerty123"}
    | {"iloveyou", "letmein1", "password1", "password123", "welcome1", "11111111", "abcdefgh"}
)


def sign_up_fault(name: str, email: str) -> str:
    """What is wrong with a name or an address, or ''."""
    if not 1 <= len(name) <= 120:
        return "Type your name."
    if any(not character.isprintable() for character in name):
        return "The name has a character in it that nobody can see. Type it again."
    if not _ADDRESS.fullmatch(email) or len(email) > 254:
        return "Type a whole address, such as liv@nordby.example."
    return ""


def password_fault(password: str, name: str, email: str) -> str:
    """What is wrong with a password, or ''; length counts, and that nobody can guess it."""
    if len(password) < _SHORTEST:
        return f"The password needs at least {_SHORTEST} characters."
    if len(password) > _LONGEST:
        return f"The password can have {_LONGEST} characters at most."
    plain = password.casefold()
    if plain in _COMMON or len(set(plain)) < 3:
        return "Too many people use that password. Invent another one."
    if plain in {email.casefold(), email.casefold().partition("@")[0], name.casefold()}:
        return "The password can’t be your name or your address."
    return ""
