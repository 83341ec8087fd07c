"""Every place that draws a problem has a key for the next step, or a known reason for having none."""

from __future__ import annotations

from problem_places import places

KEYS = {
    "dialogs/commands.py:_saved": "s, in the line of keys: saves again",
    "dialogs/commands.py:_refusal": "tab, in the line of keys: the other form",
    "dialogs/unfinished.py:_lines": "ctrl+r, in the line of keys: asks AWS again",
    "screens/assessment.py:_draw_trouble": "ctrl+r, on the panel's button",
    "screens/assessment.py:action_policy": "ctrl+r, in the notice",
    "screens/assessment.py:action_review": "ctrl+n, in the footer",
    "screens/start.py:_draw_trouble": "ctrl+r, on the panel's button",
    "shell/check_work.py:_on_devices_accepted": "a, in the notice",
    "shell/first_sign_in_work.py:_on_practised": "p, in the notice and the footer",
    "shell/past_work.py:_on_past_read": "ctrl+r at the start, in the notice",
    "shell/proof_work.py:_on_proof_kept": "R at the validation, in the notice",
    "widgets/assessment/list_field.py:_warning": "typing; ctrl+r, in the bottom line of the form",
    "widgets/assessment/policy_line.py:tell": "ctrl+r, in the bottom line of the form",
    "widgets/assessment/problem_panel.py:compose": "ctrl+r, on its button",
    "widgets/configuration/step_story.py:result_story": "ctrl+r where something is left, else n: in the lines below",
    "widgets/first_sign_in/pages.py:_told": "enter, in the line of keys; ctrl+r below a look that failed",
    "widgets/start/start_body.py:_about_runs": "ctrl+r, in the same line",
    "widgets/start/start_body.py:_draw_users": "v and ctrl+r, in the same line",
    "widgets/validation/export_note.py:draw": "ctrl+r, below it",
}
REASONS = {
    "dialogs/user_name.py:compose_dialog": "it says why a name is typed; the field has the focus",
    "envelope_outside.py:outside": "another path is typed: o, from the start that lies below",
    "past.py:look": "passed on to the dialog of unfinished runs",
    "recipients.py:recipient_error": "a word below the field that has to be corrected",
    "shell/check_work.py:_on_history_unread": "the checks continue; the problem says what to do with the journal",
    "shell/saved_theme.py:_keep": "it is kept when a theme is chosen the next time; this one holds meanwhile",
    "widgets/configuration/step_story.py:step_story": "the run ends by itself; the result has the key",
    "widgets/configuration/step_story.py:problem_story": "three sentences for those two",
    "widgets/past_run.py:problem_lines": "three sentences for the dialog of unfinished runs and for envelopes",
    "widgets/summary/documents.py:_unread": "without a policy there is no summary: the assessment refuses",
}


def test_each_place_has_a_key_or_a_reason_why_there_is_none():
    assert sorted(set(places())) == sorted({**KEYS, **REASONS})
    assert not KEYS.keys() & REASONS.keys()
