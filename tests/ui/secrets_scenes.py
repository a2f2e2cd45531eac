"""What is told to the workbench, and done, for pictures of how sign-ins are kept."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from tests.ui.fake_workbench import FakeWorkbench
from tests.ui.stage import Stage
from wizard.core.trouble import Code

__all__ = [
    "asked",
    "differ",
    "new_passphrase",
    "no_key",
    "no_store",
    "question",
    "sealed",
    "show_trouble",
    "store_locked",
    "store_silent",
    "tried_again",
    "trying_again",
    "wrong_passphrase",
]


def no_store(bench: FakeWorkbench) -> None:
    """A computer without a password store."""
    bench.fail("sign_in", Code.KEYRING_MISSING)


def store_locked(bench: FakeWorkbench) -> None:
    """A password store that stays locked."""
    bench.fail("sign_in", Code.KEYRING_LOCKED)
    bench.fail("keep_secrets", Code.KEYRING_LOCKED)


def store_silent(bench: FakeWorkbench) -> None:
    """A password store that waits for somebody."""
    bench.fail("sign_in", Code.KEYRING_TIMEOUT)
    bench.hold("keep_secrets")


def sealed(bench: FakeWorkbench) -> None:
    """A passphrase was set at an earlier start."""
    bench.passphrase = "a boat on the fjord"
    bench.fail("settings", Code.VAULT_LOCKED, problem="no-passphrase")


def no_key(bench: FakeWorkbench) -> None:
    """A password store that was made anew."""
    bench.fail("settings", Code.VAULT_LOCKED, problem="key-gone")


def question(stage: Stage) -> None:
    """Until the window asks by itself."""
    stage.until(lambda: stage.shown("secrets-title"))


def asked(stage: Stage) -> None:
    """Sign in, until the window asks how sign-ins are kept."""
    stage.until(lambda: stage.frame.page.offer.valid)
    stage.press("primary")
    stage.until(lambda: stage.shown("secrets-title"))


def _type(stage: Stage, name: str, words: str) -> None:
    field = stage.find(name)
    assert isinstance(field, QLineEdit)
    field.setText(words)


def new_passphrase(stage: Stage) -> None:
    """Choose to set a passphrase."""
    asked(stage)
    stage.press("secrets-new")


def differ(stage: Stage) -> None:
    """Type two that are not the same."""
    new_passphrase(stage)
    _type(stage, "secrets-new-passphrase", "a boat on the fjord")
    _type(stage, "secrets-repeated", "a boat on the ford")
    stage.press("primary")


def wrong_passphrase(stage: Stage) -> None:
    """Type another passphrase than the one that was set."""
    stage.until(lambda: stage.shown("secrets-title"))
    _type(stage, "secrets-passphrase", "a boot on the fjord")
    stage.press("primary")
    stage.until(lambda: not stage.frame.page.offer.busy)


def trying_again(stage: Stage) -> None:
    """Ask the password store once more."""
    asked(stage)
    stage.press("primary")


def tried_again(stage: Stage) -> None:
    """Ask it once more, in vain."""
    trying_again(stage)
    stage.until(lambda: stage.shown("secrets-still"))


def show_trouble(stage: Stage) -> None:
    """The trouble's panel, also where the person is asked first and would rather go back."""
    stage.until(lambda: stage.shown("trouble") or stage.shown("secrets-title"))
    if stage.shown("secrets-title"):
        stage.press("secrets-back")
    stage.until(lambda: stage.shown("trouble"))
