"""Every place that draws a problem has a key for the next step, or a known reason for having none."""

from __future__ import annotations

from problem_places import places

KEYS = {
    "assessment/list_field.py:_warning": "typing; ctrl+r, in the bottom line of the form",
    "assessment/policy_line.py:show": "ctrl+r, in the bottom line of the form",
    "assessment/problem_panel.py:compose": "ctrl+r, on its button",
    "assessment/screen.py:_draw_trouble": "ctrl+r, on the panel's button",
    "assessment/screen.py:action_policy": "ctrl+r, in the notice",
    "assessment/screen.py:action_review": "ctrl+n, in the footer",
    "configuration/step_story.py:result_story": "ctrl+r where something is left, else n: in the lines below",
    "first_sign_in/controller.py:_practised": "p, in the notice and the footer",
    "first_sign_in/pages.py:_problem_lines": "enter, in the line of keys; ctrl+r below a look that failed",
    "start/history.py:_was_read": "ctrl+r at the start, in the notice",
    "start/screen.py:_draw_trouble": "ctrl+r, on the panel's button",
    "start/start_body.py:_about_runs": "ctrl+r, in the same line",
    "start/start_body.py:_draw_users": "v and ctrl+r, in the same line",
    "start/unfinished_dialog.py:_lines": "ctrl+r, in the line of keys: asks AWS again",
    "summary/commands_dialog.py:_refusal": "tab, in the line of keys: the other form",
    "summary/commands_dialog.py:_saved": "s, in the line of keys: saves again",
    "validation/controller.py:_devices_accepted": "a, in the notice",
    "validation/controller.py:_verdict_saved": "R at the validation, in the notice",
    "validation/export_note.py:draw": "ctrl+r, below it",
}
REASONS = {
    "configuration/step_story.py:problem_story": "three sentences for those two",
    "configuration/step_story.py:step_story": "the run ends by itself; the result has the key",
    "start/envelope_outside.py:outside": "another path is typed: o, from the start that lies below",
    "start/history_reads.py:observed_steps": "passed on to the dialog of unfinished runs",
    "start/stored_run.py:problem_lines": "three sentences for the dialog of unfinished runs and for envelopes",
    "summary/documents.py:_unread": "without a policy there is no summary: the assessment refuses",
    "theme_file.py:_save": "it is kept when a theme is chosen the next time; this one holds meanwhile",
    "validation/controller.py:_history_unread": "the checks continue; the problem says what to do with the journal",
    "validation/user_name_dialog.py:compose_dialog": "it says why a name is typed; the field has the focus",
}


def test_each_place_has_a_key_or_a_reason_why_there_is_none():
    assert sorted(set(places())) == sorted({**KEYS, **REASONS})
    assert not KEYS.keys() & REASONS.keys()
