"""What the account adapters ask of the network: one origin, answers or `Trouble`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import quote

from wizard.core.cancel import Cancel
from wizard.core.trouble import Code, Trouble
from wizard.net.answers import Answer
from wizard.net.bearer import Bearer

__all__ = ["Calls", "Opener", "segment"]


class Calls(Protocol):
    """Requests to one pinned origin; what is not 2xx has become `Trouble` already."""

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        cancel: Cancel,
    ) -> Answer:
        """Read; may be repeated by the session."""
        ...

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        cancel: Cancel,
        repeatable: bool | None = None,
    ) -> Answer:
        """Write; with `repeatable` the session may send it again when the answer was lost."""
        ...


class Opener(Protocol):
    """Opens a way to one origin; `wizard.net.sessions.Net` is one."""

    def api(
        self,
        origin: str,
        *,
        bearer: Bearer | None = None,
        read_only: bool = False,
        refusal: Callable[[Answer], Trouble] = ...,
    ) -> Calls:
        """See `Net.api`."""
        ...


def segment(value: str) -> str:
    """An id as one segment of a path; one that would lead elsewhere is not an id.

    Raises `Trouble(ANSWER_NOT_UNDERSTOOD)`: ids come from the service.
    """
    if value in {"", ".", ".."}:
        raise Trouble(Code.ANSWER_NOT_UNDERSTOOD, part="id")
    return quote(value, safe="")
