"""The preview beyond its rows: whether it holds, more of a person, and what is saved of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from tests.ui import sample as fake
from tests.ui.fake_drafts import MAREN
from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.settle_stage import OpenAt, bench, open_at
from tests.ui.stage import Stage
from wizard.core.runs import PlanKind, Reason
from wizard.core.settings import ScopeKind, ScopeRule
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import StepId
from wizard.services.contract.previewing import Evidence, Outdated, PersonView, WideningView
from wizard.ui.pages.preview import PreviewPage
from wizard.ui.pages.preview_words import person_lines

__all__ = ["bench", "open_at"]  # fixtures

PAGE = StepId.PREVIEW


def _page(stage: Stage) -> PreviewPage:
    page = stage.frame.page
    assert isinstance(page, PreviewPage)
    stage.until(lambda: page.offer.valid and page.table.view.plan.person(0) is not None)
    return page


def _lines(stage: Stage, row: int) -> dict[str, str]:
    """What the opened row shows, once more is known of the person in it."""
    page = _page(stage)
    asked = stage.bench.called.count("preview_person")
    page.table.view.open_row(row)
    stage.until(lambda: stage.bench.called.count("preview_person") > asked)
    stage.settle()
    person = page.table.view.plan.person(row)
    assert person is not None
    return dict(page.table.view.plan.lines(person))


def _row(stage: Stage, kind: PlanKind) -> int:
    page = _page(stage)
    people = [page.table.view.plan.person(number) for number in range(5)]
    return next(n for n, one in enumerate(people) if one is not None and one.kind is kind)


def test_the_preview_is_made_of_the_draft(bench: FakeWorkbench, open_at: OpenAt) -> None:
    rule = ScopeRule(kind=ScopeKind.RULES, unit_ids=("sales",))
    bench.answers = replace(bench.answers, draft=replace(bench.stored, scope=rule))
    stage = open_at(bench, PAGE)
    _page(stage)
    assert bench.previewed is not None
    assert bench.previewed.scope == rule


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (Outdated.OLD, "more than an hour old"),
        (Outdated.RAN, "A sync has run"),
        (Outdated.SCOPE, "Other people are in your scope"),
        (Outdated.SETTINGS, "Other settings count"),
        (Outdated.SAVED, "Somebody else saved"),
    ],
)
def test_a_preview_that_holds_no_more_is_made_again_and_says_why(
    bench: FakeWorkbench, open_at: OpenAt, why: Outdated, said: str
) -> None:
    stage = open_at(bench, PAGE)
    _page(stage)
    assert not stage.shown("preview-made-again")
    stage.press("primary")
    stage.until(lambda: stage.frame.walk.step is StepId.PROVISIONING)
    bench.previews.outdated = why
    stage.press("back")
    _page(stage)
    assert bench.called.count("preview") == 2
    assert stage.shown("preview-made-again")
    assert any(said in words for words in stage.all_words())


def test_a_row_that_is_opened_tells_where_and_when(bench: FakeWorkbench, open_at: OpenAt) -> None:
    stage = open_at(bench, PAGE)
    lines = _lines(stage, _row(stage, PlanKind.UPDATE))
    assert lines["Address"].endswith("→ lise.haugen@halden-freight.example")
    assert lines["In scope by"] == "Unit Halden Freight / Sales"
    assert "Unit" not in lines
    assert _lines(stage, _row(stage, PlanKind.SKIP))["Unit"] == "Halden Freight / Sales"
    lines = _lines(stage, _row(stage, PlanKind.UPDATE))
    assert lines["When"] == "With the next sync"
    assert "Evidence" not in lines


def test_a_leaver_is_looked_up_when_their_row_is_opened(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    row = _row(stage, PlanKind.DEACTIVATE)
    lines = _lines(stage, row)
    assert lines["Evidence"] == "Looked up just now: there, and not in your scope"
    assert lines["When"] == "With the next sync, after one more look in Google"
    model = _page(stage).table.view.plan
    spoken = model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "Evidence: Looked up just now" in str(spoken)


def test_what_is_not_known_of_a_person_leaves_the_row_as_it_is(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    bench.fail("preview_person", Code.OFFLINE)
    lines = _lines(stage, _row(stage, PlanKind.UPDATE))
    assert set(lines) == {"Name", "Address", "In scope by", "Recognized by"}
    assert not stage.shown("trouble")


def test_every_end_of_a_person_can_be_said() -> None:
    view = PersonView(kind=PlanKind.SKIP, reason=Reason.IN_GRACE, held=False)
    later = replace(view, leaves_at=fake.NOW + timedelta(days=5))
    assert dict(person_lines(later)) == {"When": "Deactivated on 2026-10-17, unless they come back"}
    assert person_lines(view) == ()
    held = replace(view, kind=PlanKind.DEACTIVATE, held=True)
    assert dict(person_lines(held))["When"] == "Not before you decide"
    offline = replace(held, evidence_trouble=Trouble(Code.OFFLINE))
    assert dict(person_lines(offline))["Evidence"].startswith("Could not be looked up now: ")
    for evidence in Evidence:
        assert dict(person_lines(replace(held, evidence=evidence)))["Evidence"]
    top = replace(view, unit="/", aliases=("a.lie@b.test",))
    assert dict(person_lines(top)) == {
        "Unit": "The top of your organization",
        "Other addresses": "a.lie@b.test",
    }


def test_the_difference_is_told_once_something_is_in_place(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    _page(stage)
    assert not any("in step now" in words for words in stage.all_words())
    bench.previews.against = WideningView(in_place=430, more=312, fewer=0)
    stage.press("preview-again")
    _page(stage)
    stage.until(lambda: any("+312, −0" in words for words in stage.all_words()))


@pytest.mark.parametrize(("notifies", "said"), [(False, "Nobody gets an email."), (True, "email")])
def test_whether_people_are_notified_is_said(
    bench: FakeWorkbench, open_at: OpenAt, notifies: bool, said: str
) -> None:
    bench.previews.notifies = notifies
    stage = open_at(bench, PAGE)
    _page(stage)
    stage.until(lambda: any(said in words for words in stage.all_words()))
    told = any("New people get an email" in words for words in stage.all_words())
    assert told is notifies


def test_only_what_is_shown_is_saved(bench: FakeWorkbench, open_at: OpenAt, tmp_path: Path) -> None:
    stage = open_at(bench, PAGE)
    page = _page(stage)
    stage.press("count-create")
    search = stage.find("plan-search")
    assert isinstance(search, QLineEdit)
    search.setText("person.7")
    stage.until(lambda: 0 < page.table.view.plan.rowCount() < 100)
    shown = page.table.view.plan.rowCount()
    page.save_to(tmp_path / "preview.csv")
    stage.until(lambda: stage.words("plan-count") == f"Saved {shown} rows.")
    assert len((tmp_path / "preview.csv").read_text(encoding="utf-8").splitlines()) == shown


def test_the_way_to_the_scope_stands_beside_the_button(
    bench: FakeWorkbench, open_at: OpenAt
) -> None:
    stage = open_at(bench, PAGE)
    _page(stage)
    stage.press("preview-scope")
    stage.until(lambda: stage.frame.walk.step is StepId.SCOPE)


@pytest.mark.parametrize(
    ("connection", "words", "step"),
    [
        ("google", "Authorize again", StepId.GOOGLE_AUTHORIZE),
        ("service", "Sign in again", StepId.SIGN_IN),
    ],
)
def test_a_sign_in_that_ended_leads_to_where_it_is_made_anew(
    bench: FakeWorkbench,
    open_at: OpenAt,
    connection: str,
    words: str,
    step: StepId,
) -> None:
    bench.fail("preview", Code.SIGN_IN_EXPIRED, connection=connection)
    stage = open_at(bench, PAGE)
    stage.until(lambda: stage.frame.page.offer.words == words)
    stage.frame.page.apply()
    stage.until(lambda: stage.frame.walk.step is step)


def test_what_both_changed_is_asked_on_this_page_too(bench: FakeWorkbench, open_at: OpenAt) -> None:
    bench.answers = replace(bench.answers, draft=replace(bench.stored, grace_days=21))
    bench.drafts.somebody_saves(grace_days=14)
    stage = open_at(bench, PAGE)
    _page(stage)
    assert any(MAREN in words for words in stage.all_words())
    assert bench.previewed is not None
    assert bench.previewed.grace_days == 21
    stage.press("settle-open")
    stage.press("grace-theirs")
    stage.press("settle-use")
    stage.until(lambda: bench.called.count("preview") == 2)
    _page(stage)
    assert bench.answers.draft is not None
    assert bench.answers.draft.grace_days == 14
    assert stage.shown("preview-made-again")
