"""What a window says about a trouble: read from outside, judged, and written down as a table."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path

from devtools.proving import Short
from proofs.desktop import Node
from proofs.person import Person

__all__ = ["Row", "WordTable", "expect_all"]

_LONGEST = 200
_DETAILS = "Details for IT"
_TOPIC = "For the message on this page"
_SERVICE = "Practice organization"
_LABELS = ("What happened", "What to do", "Nothing is lost")
_OF_PROGRAMS = re.compile(
    r"Traceback|Exception|\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b|[a-z]+_[a-z_]+|0x[0-9a-f]+|[{}<>]|None\b"
)
"""What a sentence for people never has: names of classes and fields, addresses of memory, places
that nobody filled."""
_OWN_NAMES = re.compile(r"Enterprise Connect|Google Workspace|Admin console|“[^”]*”|\S+@\S+|/\S+")
_STATUS = re.compile(
    r"(?<![\d.,:])[1-5]\d\d(?![\d:%]|[.,]\d)(?! (?:MB|people|accounts|s\b|minutes))"
)
"""A bare number of three digits, such as an HTTP status."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One trouble as it stood in the window; `faults` is what is wrong with its words."""

    code: str
    page: str
    cause: str
    title: str
    happened: str
    to_do: str = ""
    safe: str = ""
    topic: str = ""
    is_open: bool = False
    """Whether that help topic stood open beside the words; else it is found in Help."""
    picture: str = ""
    faults: tuple[str, ...] = field(default=())


class WordTable:
    """Collects the rows and writes them as Markdown and JSON."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.rows: list[Row] = []
        self.silent: list[str] = []
        """Troubles that were provoked and never stood in the window, with what stood there."""

    def see(
        self,
        person: Person,
        code: str,
        *,
        page: str,
        cause: str,
        seconds: float = 60,
        has_help: bool = True,
    ) -> None:
        """Wait until the window shows this code, read all that it says, and take a picture.

        `has_help`: the help panel is there, and has to have the right topic on top.
        """
        texts = self._wait(person, code, seconds)
        if texts is None:
            picture = person.picture(f"silent-{code}")
            shown = [text for text in person.words() if len(text) > 30][:12]
            self.silent.append(f"{code} on {page} ({picture.name}): {shown}")
            return
        if has_help and _TOPIC not in texts:
            texts = _with_help(person, texts)
        told = {label: _after(texts, label) for label in _LABELS}
        row = Row(
            code=code,
            page=page,
            cause=cause,
            title=_before(texts, _LABELS[0]),
            happened=told["What happened"],
            to_do=told["What to do"],
            safe=told["Nothing is lost"],
            topic=_after(texts, _TOPIC),
            is_open=has_help,
            picture=self._named(person.picture(code)),
        )
        self.keep(row)

    def see_words(
        self,
        person: Person,
        code: str,
        words: str,
        *,
        page: str,
        cause: str,
        seconds: float = 60,
        opens_help: bool = False,
        in_a_line: bool = False,
    ) -> None:
        """As `see`, for what is told without a panel of its own, by words that stand in it.

        They are the title, and what follows is the sentence; or all of it stands `in_a_line`,
        as above a page or below a field.
        """
        try:
            node = person.see(words, seconds=seconds)
        except Short as short:
            self.silent.append(f"{code} on {page}: {short.reason}, {short.figures}"[:900])
            return
        texts = list(person.words())
        if opens_help and _TOPIC not in texts:
            texts = _with_help(person, texts)
        line = node.words.strip().splitlines()[0]
        row = Row(
            code=code,
            page=page,
            cause=cause,
            title=words if in_a_line else line,
            happened=line if in_a_line else _after(texts, line),
            topic=_after(texts, _TOPIC) if opens_help else "",
            is_open=opens_help,
            picture=self._named(person.picture(code)),
        )
        self.keep(row)

    def _named(self, picture: Path) -> str:
        """A picture by its place below the table’s folder."""
        return picture.relative_to(self._folder).as_posix()

    def keep(self, row: Row) -> None:
        """Judge a row and add it."""
        faults = _faults(row)
        wanted = _topic_of(row.code)
        if not wanted:
            faults.append("there is no help topic for it")
        elif row.is_open and row.topic != wanted:
            faults.append(f"help is open at “{row.topic}”, not at “{wanted}”")
        if not (self._folder / row.picture).is_file():
            faults.append("there is no picture of it")
        self.rows.append(replace(row, topic=row.topic or wanted, faults=tuple(faults)))

    def _wait(self, person: Person, code: str, seconds: float) -> list[str] | None:
        """The window's texts, once the details name this code."""
        limit = time.monotonic() + seconds
        found: list[str] | None = None
        while time.monotonic() < limit:
            texts = list(person.words())
            if any(text.split("\n")[0].strip() == code for text in texts):
                found = texts
                # Read while the page was drawn, some of its words are not there yet.
                if _LABELS[0] in texts:
                    return texts
            if _DETAILS in texts and _LABELS[0] in texts and not _unfolded(texts):
                person.press(_DETAILS, role=_fold_role(person))
            time.sleep(0.3)
        return found

    def write(self, title: str, never: Mapping[str, str]) -> Path:
        """Write the table, and why the codes of `never` can't be met; pictures lie beside it."""
        lines = [f"# {title}", ""]
        for row in sorted(self.rows, key=lambda row: (row.code, row.page)):
            where = "open beside it" if row.is_open else "found in Help"
            lines += [
                f"## {row.title}",
                "",
                f"`{row.code}` · {row.page} · {row.cause}",
                "",
                *(f"> {text}  " for text in (row.happened, row.to_do, row.safe) if text),
                "",
                f"Help, {where}: {row.topic or '–'} · picture: {row.picture}",
                *([f"**Not good: {'; '.join(row.faults)}**"] if row.faults else []),
                "",
            ]
        lines += ["# What can’t be met on this path", ""]
        lines += [f"- `{code}`: {reason}" for code, reason in sorted(never.items())]
        path = self._folder / "troubles.md"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        told = json.dumps([asdict(row) for row in self.rows], ensure_ascii=False, indent=1)
        (self._folder / "troubles.json").write_text(told, encoding="utf-8")
        return path

    def figures(self) -> dict[str, object]:
        """How many codes were seen, and what is wrong with any."""
        return {
            "codes": len({row.code for row in self.rows}),
            "provoked": sorted({row.code for row in self.rows}),
            "faults": [f"{row.code}: {fault}" for row in self.rows for fault in row.faults],
            "silent": self.silent,
        }


def _with_help(person: Person, before: Sequence[str]) -> list[str]:
    """What stands there with the help panel open, which is folded on wide pages."""
    person.desktop.key("F1")
    try:
        person.see(_TOPIC, seconds=20)
    except Short:
        return list(before)
    texts = list(person.words())
    person.desktop.key("F1")

    def gone(nodes: Sequence[Node]) -> Node | None:
        return nodes[0] if nodes and not any(_TOPIC in node.words for node in nodes) else None

    person.desktop.wait(gone, what="the help panel to fold")
    return texts


@cache
def _topics() -> Mapping[str, str]:
    """By code, the question of the help topic that its words name."""
    from wizard.content.faq import load_faq
    from wizard.content.troubles import TABLE

    faq = load_faq(service=_SERVICE)
    found = {code.value: faq.topic(entry.topic) for code, entry in TABLE.items()}
    return {code: topic.question for code, topic in found.items() if topic is not None}


def _topic_of(code: str) -> str:
    return _topics().get(code, "")


def _fold_role(person: Person) -> str:
    """What a fold is to assistive technology: pressed to open, whatever it is called there."""
    roles = [node.role for node in person.desktop.nodes() if node.name == _DETAILS]
    return next((role for role in roles if role != "label"), "push button")


def _unfolded(texts: Sequence[str]) -> bool:
    """Whether the details of some code are open."""
    return any(re.fullmatch(r"[a-z]+(-[a-z]+)+", text.split("\n")[0]) for text in texts)


def _after(texts: Sequence[str], label: str) -> str:
    """What stands after this text, the next that says something else."""
    for number, text in enumerate(texts):
        if text.strip() == label:
            return next((one for one in texts[number + 1 :] if one.strip() != label), "").strip()
    return ""


def _before(texts: Sequence[str], label: str) -> str:
    for number, text in enumerate(texts):
        if text.strip() == label and number:
            return texts[number - 1].strip()
    return ""


def _faults(row: Row) -> list[str]:
    """What is wrong with the words of a row."""
    found = []
    if not row.title or not row.happened:
        found.append("no words")
    for text in (row.title, row.happened, row.to_do, row.safe):
        sentences = re.split(r"(?<=[.!?])\s+", text)
        found += [f"too long: {one[:40]} …" for one in sentences if len(one) > _LONGEST]
        plain = _OWN_NAMES.sub("", text)
        strange = _OF_PROGRAMS.search(plain) or _STATUS.search(plain)
        if strange is not None:
            found.append(f"says “{strange[0]}”")
    return found


def expect_all(table: WordTable, provoked: Mapping[str, str]) -> None:
    """Raise `Short` where a code of `provoked` was not seen, or its words are not for people."""
    figures = table.figures()
    seen = {row.code for row in table.rows}
    unseen = sorted(set(provoked) - seen)
    unknown = sorted(seen - set(provoked))
    if unseen or unknown or figures["silent"] or figures["faults"]:
        raise Short(
            "not every trouble is told in words for people",
            {"not_seen": unseen, "in_no_table": unknown, **figures},
        )
