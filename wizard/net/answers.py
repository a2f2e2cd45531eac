"""What came back from another computer, read into types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from wizard.core.trouble import Code, Trouble

__all__ = ["Answer"]

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One HTTP answer, whole. Header names are lower-case; `path` carries no query."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str
    path: str

    def read(self, kind: type[T]) -> T:
        """The body as this type, unknown fields passed over; `Trouble(ANSWER_NOT_UNDERSTOOD)`."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
            raise Trouble(
                Code.ANSWER_NOT_UNDERSTOOD, host=self.host, path=self.path, status=self.status
            ) from problem
