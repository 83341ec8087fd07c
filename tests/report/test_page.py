from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

import pytest

from breakglass_tui.report.page import page
from breakglass_tui.report.report_document import report_document


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text, self.style = [], [], "", ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "style" and not self.style:
            self.style = data
        self.text += data


@pytest.fixture
def read(finished):
    reader = Reader()
    reader.feed(page(report_document(finished)))
    return reader


def test_the_page_has_no_external_resources(read):
    assert not {"script", "link", "img", "iframe", "object", "a", "form"} & set(read.tags)
    assert not [name for _, name, _ in read.attributes if name.startswith("on") or name in ("src", "href", "style")]
    assert "url(" not in read.style
    assert "@import" not in read.style


def test_the_policy_allows_only_the_style_sheet_of_the_page(read):
    policy = next(value for tag, name, value in read.attributes if tag == "meta" and value and "default-src" in value)
    digest = base64.b64encode(hashlib.sha256(read.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_external_text_is_escaped(read):
    assert "<script>alert(1)</script>" in read.text
    assert "\x1b" not in read.text
    assert r"\x1b[31m" in read.text


def test_verdict_checks_and_evidence_are_on_the_page(read):
    assert "1 STEP LEFT" in read.text
    assert "req-9" in read.text
    assert "bg-alice.access-key.1+2.age" in read.text


def test_the_page_has_a_dark_and_a_print_style(read):
    assert "prefers-color-scheme: dark" in read.style
    assert "@media print" in read.style


def test_an_interrupted_run_has_a_page(interrupted):
    assert "not checked in this run" in page(report_document(interrupted))


def test_accepted_devices_have_a_section_of_their_own(finished, history):
    assert "Accepted MFA devices" not in page(report_document(finished))
    text = page(report_document(finished, history=history))
    assert "<h2>Accepted MFA devices</h2>" in text
    assert '<td class="path">GAHT12345678</td><td>2026-11-22T09:00:00.000+00:00</td>' in text
    assert "<script>alert" not in text
    assert "\x1b" not in text
