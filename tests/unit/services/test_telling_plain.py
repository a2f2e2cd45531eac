"""Views as JSON can hold them."""

from __future__ import annotations

import json
from pathlib import Path

from wizard.content.text import N_
from wizard.services.telling import plain


def test_marked_words_and_paths_become_plain_text() -> None:
    view = {"title": N_("Nobody came back"), "where": Path("data") / "vault"}
    told = plain(view)
    assert isinstance(told, dict)
    assert type(told["title"]) is str
    assert json.loads(json.dumps(told))["where"] == str(Path("data") / "vault")
