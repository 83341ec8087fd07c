from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from breakglass_tui.report.markdown import escape, markdown
from breakglass_tui.report.report_document import report_document


def rendered(text):
    return MarkdownIt("commonmark").enable("table").render(text)


def test_the_verdict_comes_first_and_evidence_has_request_ids(finished):
    text = markdown(report_document(finished))
    assert text.index("1 STEP LEFT") < text.index("## Checks") < text.index("## Evidence")
    assert "req-9" in text


def test_every_table_row_has_as_many_cells_as_its_header(finished):
    html = rendered(markdown(report_document(finished)))
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        rows = [len(re.findall(r"<t[hd]>", row)) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]
        assert len(rows) > 1
        assert len(set(rows)) == 1


def test_external_text_adds_no_markup(finished):
    html = rendered(markdown(report_document(finished)))
    assert "<script" not in html
    assert "<a " not in html
    assert html.count("<h1>") == 1
    assert "\x1b" not in html


@given(st.text("ab|`*_[]()<>&#~\\!\n\r\t\x1b\u202e", max_size=30))
def test_any_text_stays_in_its_cell(text):
    html = rendered(f"| a | b |\n| --- | --- |\n| x{escape(text)}x | y |\n")
    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 2
    assert "<" not in cells[0]


def test_an_interrupted_run_has_a_report(interrupted):
    text = markdown(report_document(interrupted))
    assert "not finished" in text
    assert "not checked in this run" in text


def test_a_remedy_with_a_whole_policy_is_not_truncated(finished):
    command = "aws iam put-user-policy --policy-document '" + "x" * 2048 + "'"
    check = replace(finished.checks["mfa-devices"], remedy=command)
    finished.checks["mfa-devices"] = check
    assert command in markdown(report_document(finished))


def test_accepted_devices_have_a_section_of_their_own(finished, history):
    assert "Accepted MFA devices" not in markdown(report_document(finished))
    text = markdown(report_document(finished, history=history))
    assert "| GAHT12345678 | 2026-11-22T09:00:00.000+00:00 | not recorded |" in text.split("## Accepted MFA devices")[1]
    assert "<script>" not in text
    assert "not-of-this-user" not in text


def test_the_demo_is_never_signed_so_its_report_has_no_command_for_a_signature(finished):
    document = report_document(finished)
    assert "ssh-keygen" in markdown(document)
    document["run"]["demo"] = True
    assert "breakglass-tui verify report.json" in markdown(document)
    assert "ssh-keygen" not in markdown(document)
