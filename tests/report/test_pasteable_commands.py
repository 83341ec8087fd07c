"""The commands of verdict, risks and remedies: in every format, and in the raw Markdown, they can be pasted."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.report.export import export

POLICY = (
    "aws iam put-user-policy --user-name bg_alice --policy-name P --policy-document "
    '\'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}\''
)
LOOP = "for region in us-east-1 eu-west-1; do aws events put-rule --region ${region} && aws events x 'a; B'; done"
DELETE = "aws iam delete-user-policy --user-name bg_alice --policy-name a__b"
READ, WRITE = "aws iam get-role --role-name Em > trust.json", "aws iam update-role --role-name Em"
FORMATS = ("report.md", "runbook.md", "report.html", "runbook.html")


def fenced(text):
    """Return the commands that a reader of the Markdown sees in blocks of code."""
    return [
        token.content.rstrip("\n")
        for token in MarkdownIt("commonmark").enable("table").parse(text)
        if token.type == "fence"
    ]


def raw(text):
    """Return the lines between the fences, as someone copies them from the file."""
    return [line.strip() for block in re.findall(r"```\n(.*?)\n\s*```", text, re.DOTALL) for line in block.splitlines()]


def preformatted(text):
    return [html.unescape(one) for one in re.findall(r"<pre>(.*?)</pre>", text, re.DOTALL)]


@pytest.fixture
def exported(finished, tmp_path):
    """Return the text of each exported file, by name."""
    denies = CheckResult(
        "denies", "Denies", CheckStatus.FAIL, "allowed", "no", remedy=f"Restore it: {POLICY}; Check it."
    )
    role = CheckResult(
        "role-trust", "Trust", CheckStatus.FAIL, "x", "y", remedy=f"1) Run: {READ} 2) Edit. 3) Run: {WRITE}"
    )
    alert = CheckResult(
        "sign-in-alert", "Alert", CheckStatus.WARN, "a", "b", caution="No alert", remedy=f"Create it: {LOOP}"
    )
    finished.checks.update({one.id: one for one in (denies, role, alert)})
    access = finished.checks["access"]
    finished.checks["access"] = replace(access, pending="first sign-in", clears=f"Do it: {DELETE}")
    export(finished, tmp_path / "out")
    return {name: (tmp_path / "out" / name).read_text() for name in FORMATS}


@pytest.mark.parametrize("name", FORMATS)
def test_every_command_is_complete_in_a_block_of_its_own(exported, name):
    text = exported[name]
    for found in (fenced(text), raw(text)) if name.endswith(".md") else (preformatted(text),):
        for command in (POLICY, LOOP, DELETE, READ, WRITE):
            assert command in found
    if name.endswith(".md"):
        prose = re.sub(r"```\n.*?\n\s*```", "", text, flags=re.DOTALL)
        assert "put-user-policy" not in prose


def test_a_reason_without_what_clears_it_names_nothing(exported):
    for text in exported.values():
        assert "built-in" not in text
        assert "→ \n" not in text


def test_the_advice_of_a_runbook_is_not_printed(exported):
    assert '<li class="remedy">' in exported["runbook.html"]
    print_style = exported["runbook.html"].split("@media print")[1].split("</style>")[0]
    assert ".remedy { display: none; }" in print_style


def test_the_sentences_around_a_command_stay(exported):
    for name in ("report.md", "runbook.md"):
        assert "Restore it:" in exported[name]
        assert "Check it." in exported[name]
