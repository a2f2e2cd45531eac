"""The proof that a sync does exactly what the directory says, and a second one nothing."""

from __future__ import annotations

import shutil
import threading

from devtools.proving import Context, Figures, Short
from proofs.client import Client
from proofs.organization import Organization, judge, writes_between
from wizard.core.runs import RunReport, Trigger
from wizard.services.contract import SchedulerView
from wizard.services.environment import Options, open_workbench
from wizard.services.workbench import LocalWorkbench

SAYS = (
    "With 480 and with 20,000 people the first sync is exact against the sample's own list, a "
    "second run writes nothing, and a hire, a rename and a leaver are one write each in the next "
    "background run."
)

_SIZES = (480, 20_000)
_BACKGROUND_LIMIT = 300.0


def run(context: Context) -> Figures:
    """Both sizes, one after the other."""
    figures: dict[str, object] = {}
    for people in _SIZES:
        folder = context.folder / str(people)
        shutil.rmtree(folder, ignore_errors=True)
        with Organization(context, folder / "organization", people=people) as organization:
            figures[str(people)] = _one_size(context, Client(context, folder, organization))
    return figures


def _one_size(context: Context, client: Client) -> Figures:
    organization = client.organization
    client.set_up()
    context.progress("The first sync …")
    first = client.answer("sync", "--once")
    verdict = judge(organization)
    figures: dict[str, object] = {**verdict, "first": first.get("done")}
    if verdict["missing"] or verdict["doubled"] or verdict["strangers"]:
        raise Short("the first sync is not exact", figures)
    before = organization.versions()
    client.answer("sync", "--once")
    figures["second_run_writes"] = writes_between(before, organization.versions())
    if figures["second_run_writes"]:
        raise Short("the second run wrote something", figures)
    context.progress("A hire, a rename, a leaver, each in a background run …")
    organization.ask("settings-as-somebody-else", {"settings": {"grace_days": 0}})
    figures["background"] = _background(client)
    after = judge(organization)
    figures["after_changes"] = after
    if after["missing"] or after["doubled"] or after["strangers"]:
        raise Short("after the changes the accounts are not exact", figures)
    return figures


def _background(client: Client) -> dict[str, int]:
    """What each change costs in writes, in a run of the background thread."""
    bench = open_workbench(
        Options(
            profile=str(client.organization.profile),
            home=client.home,
            passphrase_file=client.passphrase,
        )
    )
    writes: dict[str, int] = {}
    try:
        bench.schedule.start()
        _one_run(bench)
        for change in ("hire", "rename", "let-go"):
            before = client.organization.versions()
            client.organization.ask(change)
            report = _one_run(bench)
            writes[change] = writes_between(before, client.organization.versions())
            if writes[change] != 1 or report.done.writes != 1:
                raise Short(f"{change}: {writes[change]} writes", {"report": str(report)})
    finally:
        bench.close()
    return writes


def _one_run(bench: LocalWorkbench) -> RunReport:
    """Ask the background thread for a run that begins now, and wait for its report."""
    asked = bench.schedule.view().last
    ended = threading.Event()
    reports: list[RunReport] = []

    def heard(view: SchedulerView) -> None:
        last = view.last
        if last is not None and (asked is None or last.run_id != asked.run_id):
            reports.append(last)
            ended.set()

    silence = bench.schedule.listen(heard)
    try:
        bench.schedule.run_now(Trigger.SCHEDULE)
        if not ended.wait(_BACKGROUND_LIMIT):
            raise Short("the background thread did not run")
    finally:
        silence()
    return reports[0]
