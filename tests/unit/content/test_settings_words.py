"""Every setting has words, and so has everything that it can be set to."""

from __future__ import annotations

from hypothesis import given

from tests.unit.flow.test_merging import settings
from wizard.content.settings_words import FIELDS, change_words, field_label, value_words
from wizard.core.settings import ProvisioningSettings
from wizard.core.settings_fields import SettingsField, changed_fields, field_value


def test_every_setting_has_a_name_of_its_own() -> None:
    assert set(FIELDS) == set(SettingsField)
    names = [field_label(field) for field in SettingsField]
    assert len(set(names)) == len(names)


@given(settings, settings)
def test_every_value_and_every_change_can_be_said(
    before: ProvisioningSettings, after: ProvisioningSettings
) -> None:
    for field in SettingsField:
        assert value_words(field, field_value(after, field))
    for field in changed_fields(before, after):
        said = change_words(field, field_value(before, field), field_value(after, field))
        assert said
        assert "{" not in said


def test_a_list_says_what_came_and_what_went() -> None:
    field = SettingsField.UNITS
    assert change_words(field, ("a", "b"), ("b", "c", "d")) == "2 added, 1 taken out"
    assert change_words(field, ("a",), ()) == "1 taken out"


def test_a_single_value_says_both() -> None:
    assert change_words(SettingsField.GRACE, 7, 14) == "7 days → 14 days"
    assert change_words(SettingsField.ENABLED, False, True) == "Off → On"
