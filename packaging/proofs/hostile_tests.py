"""The tests that meet hostile input, by what they refuse; they are run by name and counted."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # read only what our own pytest has just written
from collections import Counter

from devtools.proving import Context, Short
from proofs.pytest_run import run_tests

__all__ = ["TABLE", "run"]

_LISTENER = "tests/unit/auth/test_listener.py"
_FLOW = "tests/unit/auth/test_browser_and_flow.py"
_CALLBACKS = "tests/unit/auth/test_hostile_callbacks.py"
_MOVED = "tests/unit/services/test_hostile_move_files.py"
_ODD_PROFILE = "tests/unit/profile/test_hostile_profiles.py"
_PAGES = "tests/unit/accounts/test_hostile_pages.py"
_PROFILE = "tests/unit/profile/test_profiles.py"
_RESUME = "tests/unit/services/test_resume_file.py"
_VAULT = "tests/unit/vault/test_vault.py"
_API = "tests/unit/net/test_api.py"
_OPENID = "tests/practice/test_openid.py"
_GOOGLE = "tests/practice/test_google_signin.py"

TABLE: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "forged callbacks": (
        (
            _LISTENER,
            (
                "test_a_forged_callback_is_ignored_and_counted",
                "test_a_parameter_that_comes_twice_is_no_callback",
            ),
        ),
        (
            _CALLBACKS,
            (
                "test_a_posted_form_without_the_state_is_ignored_and_counted",
                "test_no_odd_letter_in_a_state_comes_through",
                "test_nobody_waits_for_a_flood_of_forged_callbacks",
            ),
        ),
        (_FLOW, ("test_a_pasted_address_of_another_sign_in_is_refused",)),
        (
            "tests/practice/test_sign_in_elsewhere.py",
            ("test_an_address_of_another_sign_in_is_refused_and_signs_nobody_in",),
        ),
    ),
    "replayed callbacks and codes": (
        (_LISTENER, ("test_only_the_first_callback_counts",)),
        (
            _CALLBACKS,
            (
                "test_a_callback_that_is_sent_again_after_the_end_meets_nobody",
                "test_a_refusal_that_is_sent_after_the_answer_changes_nothing",
            ),
        ),
        (_FLOW, ("test_an_address_pasted_from_an_earlier_sign_in_is_refused",)),
        (
            _OPENID,
            (
                "test_a_code_used_twice_ends_what_it_gave",
                "test_refresh_tokens_rotate_and_a_used_one_ends_the_whole_family",
            ),
        ),
        (_GOOGLE, ("test_a_code_works_once_and_its_replay_ends_what_it_gave",)),
    ),
    "callbacks of another provider or sign-in": (
        (_LISTENER, ("test_the_issuer_must_fit_where_it_is_known",)),
        (
            _CALLBACKS,
            (
                "test_the_callback_of_one_sign_in_is_nothing_to_another_that_waits_too",
                "test_an_answer_of_another_provider_is_ignored_even_with_our_state",
                "test_every_sign_in_has_a_proof_key_of_its_own_that_its_challenge_does_not_tell",
            ),
        ),
        (
            "tests/practice/test_sign_in_elsewhere.py",
            ("test_a_code_of_another_sign_in_signs_nobody_in_even_with_our_own_state",),
        ),
        (_OPENID, ("test_a_code_is_good_only_for_exactly_what_was_asked",)),
        (_GOOGLE, ("test_a_code_is_good_only_for_exactly_what_was_asked",)),
    ),
    "Host headers of DNS rebinding": (
        (
            _LISTENER,
            (
                "test_a_foreign_host_header_is_turned_away_first",
                "test_two_host_headers_are_one_too_many",
            ),
        ),
        (_CALLBACKS, ("test_a_name_that_was_bent_to_this_computer_is_not_ours",)),
    ),
    "reflected HTML": (
        (_LISTENER, ("test_whatever_is_shown_of_a_refusal_is_escaped_and_short",)),
        (_CALLBACKS, ("test_what_the_address_says_is_shown_as_words_and_nothing_else",)),
        (
            "tests/interop/test_listener_browser.py",
            ("test_what_a_refusal_says_is_shown_as_text",),
        ),
    ),
    "huge and odd requests": (
        (
            _LISTENER,
            (
                "test_what_is_no_request_is_refused",
                "test_a_form_that_is_none_is_refused",
                "test_other_methods_are_refused",
                "test_a_flood_of_idle_connections_holds_nobody_up",
                "test_a_client_that_is_too_slow_is_let_go",
            ),
        ),
        (_CALLBACKS, ("test_odd_and_huge_requests_are_refused_and_the_sign_in_goes_on",)),
    ),
    "addresses to open": (
        (
            _FLOW,
            (
                "test_anything_else_is_refused",
                "test_no_text_opens_more_than_https_or_this_machine",
                "test_an_unsafe_authorization_address_is_not_opened",
            ),
        ),
    ),
    "pages that the service names": (
        (
            _PAGES,
            (
                "test_a_page_that_no_browser_may_be_sent_to_is_not_known_at_all",
                "test_whatever_the_service_names_a_browser_opens_it_or_it_is_not_known",
            ),
        ),
    ),
    "next links and redirects": (
        (
            _API,
            (
                "test_a_next_link_is_followed_at_the_same_origin_only",
                "test_a_redirect_is_never_followed",
            ),
        ),
        (
            "tests/unit/accounts/test_enterprise_connect.py",
            (
                "test_a_cursor_that_comes_back_does_not_turn_in_circles",
                "test_an_id_that_would_lead_elsewhere_is_not_used",
            ),
        ),
        (
            "tests/unit/providers/test_google_reader.py",
            ("test_a_listing_that_goes_in_circles_is_not_believed",),
        ),
    ),
    "names and words of other people": (
        (
            "tests/unit/content/test_kit.py",
            (
                "test_whatever_others_wrote_is_shown_and_never_run",
                "test_only_web_pages_become_links",
            ),
        ),
        (
            "tests/unit/content/test_desk_report.py",
            (
                "test_no_words_of_the_directory_become_markup",
                "test_only_our_own_style_and_script_may_run_and_nothing_is_loaded",
            ),
        ),
        (
            "tests/unit/services/test_marks.py",
            ("test_hostile_names_go_like_others_and_forge_no_line",),
        ),
        (
            "tests/unit/core/test_tables.py",
            ("test_no_cell_begins_with_what_a_spreadsheet_runs_and_none_is_lost",),
        ),
        ("tests/unit/core/test_redact.py", ("test_nobody_can_forge_a_line",)),
        (
            "tests/ui/test_tips.py",
            (
                "test_words_that_look_like_a_page_are_shown_as_they_are",
                "test_no_words_of_a_variable_become_a_tip_unlooked_at",
            ),
        ),
    ),
    "profile files": (
        (
            _PROFILE,
            (
                "test_a_mistake_in_a_real_profile_is_told_with_its_line",
                "test_practice_stays_on_this_machine",
                "test_a_file_that_is_no_profile_is_told_with_its_line",
                "test_a_host_that_could_be_read_in_two_ways_is_refused",
                "test_a_given_profile_waits_for_a_person",
            ),
        ),
        (
            _ODD_PROFILE,
            (
                "test_a_file_of_a_hundred_mebibytes_is_refused_and_not_read",
                "test_a_link_to_a_profile_is_that_profile_and_waits_for_a_person_as_well",
                "test_a_link_that_leads_in_circles_or_to_a_device_is_refused",
                "test_a_pipe_that_nobody_writes_to_holds_nobody_up",
                "test_what_only_practice_may_say_is_refused_in_a_real_profile",
                "test_an_own_root_of_trust_reaches_no_other_computer",
                "test_a_value_of_another_kind_is_told_and_breaks_nothing",
                "test_an_address_that_looks_like_another_is_refused",
                "test_deep_nesting_ends_in_words",
            ),
        ),
    ),
    "policy files": (
        (
            _PROFILE,
            (
                "test_a_policy_that_others_could_have_written_stops_the_program",
                "test_a_policy_that_links_to_where_others_may_write_stops_the_program",
                "test_a_policy_of_another_person_stops_the_program",
            ),
        ),
    ),
    "resume files": (
        (
            _RESUME,
            (
                "test_whatever_a_file_holds_it_is_read_or_refused_in_words",
                "test_a_field_that_is_changed_or_added_is_refused_or_still_harmless",
                "test_a_file_cannot_bring_a_profile_along",
                "test_a_large_file_is_not_read",
                "test_nested_brackets_end_in_words",
            ),
        ),
    ),
    "vaults and moved set-ups": (
        (
            _VAULT,
            (
                "test_one_changed_byte_is_never_accepted",
                "test_a_forged_header_cannot_ask_for_a_cheap_key_or_all_memory",
            ),
        ),
        (
            _MOVED,
            (
                "test_a_file_that_was_cut_anywhere_is_refused",
                "test_one_changed_byte_anywhere_is_refused",
                "test_a_file_can_not_ask_for_all_memory_or_all_day",
                "test_a_head_that_is_longer_than_its_file_is_refused",
                "test_whatever_a_file_holds_it_is_refused_in_words",
            ),
        ),
        (
            "tests/practice/test_moving.py",
            ("test_a_file_that_cannot_be_used_is_refused_in_words_and_leaves_nothing",),
        ),
    ),
    "crashes": (
        (
            "tests/unit/core/test_crashes.py",
            (
                "test_an_exception_that_nobody_caught_is_told_without_secrets",
                "test_a_thread_that_ends_by_a_mistake_tells_no_secret",
                "test_the_memory_of_a_crash_is_not_kept",
            ),
        ),
    ),
}
"""What is refused, and by which tests of which files."""
_LIMIT = 240.0


def run(context: Context) -> dict[str, int]:
    """Run them all; how many passed of each kind. Raises `Short` where one is gone or fails."""
    wanted = [
        f"{file}::{name}" for rows in TABLE.values() for file, names in rows for name in names
    ]
    run_tests(context, "hostile", wanted, seconds=_LIMIT, QT_QPA_PLATFORM="offscreen")
    passed: Counter[tuple[str, str]] = Counter()
    for case in ET.parse(context.folder / "hostile.xml").iter("testcase"):  # noqa: S314 - our own
        if case.find("skipped") is None:
            module = str(case.get("classname")).split(".")[-1]
            passed[module, str(case.get("name")).partition("[")[0]] += 1
    counted: dict[str, int] = {}
    for what, rows in TABLE.items():
        each = {
            name: passed[file.rsplit("/", 1)[-1].removesuffix(".py"), name]
            for file, names in rows
            for name in names
        }
        if absent := [name for name, number in each.items() if not number]:
            raise Short(f"nobody tested {what}", {"tests": absent})
        counted[what] = sum(each.values())
    return counted
