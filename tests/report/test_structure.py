"""Both pages as parsed HTML: structure, names, contrast, and no external resources.

test_browser needs a browser. These tests only need a parser.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from breakglass_tui.report import page as pages
from breakglass_tui.report.page import page
from breakglass_tui.report.report_document import report_document
from breakglass_tui.report.runbook import runbook, runbook_page

VOID = {"meta", "br"}
IN_DL = {"dt", "dd"}
SHEETS = Path(pages.__file__).parent
READABLE, NAMES = 4.5, ("report", "runbook")
"""WCAG 2.2, 1.4.3: contrast of text."""


class Tree(HTMLParser):
    """All elements with their parents. An element that is not closed in order is an error."""

    def __init__(self):
        super().__init__()
        self.open, self.elements, self.style, self.headings, self.title = [], [], "", [], ""

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        if self.open and self.open[-1] == "title":
            self.title += data

    def all(self, *tags):
        return [(attributes, parents) for tag, attributes, parents in self.elements if tag in tags]


@pytest.fixture(params=NAMES)
def tree(request, finished, nasty):
    finished.header.request.update(access="both", mfa="sealed", role_arn=f"arn:aws:iam::1:role/{nasty}")
    document = report_document(finished)
    text = page(document) if request.param == "report" else runbook_page(runbook(document, finished.facts))
    assert text.lstrip().startswith("<!doctype html>")
    read = Tree()
    read.feed(text)
    read.close()
    assert read.open == []
    return read


def test_there_are_no_external_resources_and_no_scripts(tree):
    assert not tree.all("script", "link", "img", "iframe", "object", "embed", "a", "form", "base", "svg", "video")
    odd = {"src", "href", "style", "action", "srcset", "background"}
    assert not [name for _, attributes, _ in tree.elements for name in attributes if name in odd or name[:2] == "on"]
    assert not re.search(r"url\(|@import|expression\(", tree.style)


def test_the_policy_allows_only_this_style_sheet(tree):
    (policy,) = [a["content"] for a, _ in tree.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(tree.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_a_screen_reader_can_navigate(tree):
    assert [attributes["lang"] for attributes, _ in tree.all("html")] == ["en"]
    assert "bg-alice" in tree.title
    assert len(tree.all("main")) == len(tree.all("h1")) == len(tree.all("header")) == 1
    assert tree.headings[0] == 1
    steps = [after - before for before, after in zip(tree.headings, tree.headings[1:], strict=False)]
    assert max(steps) <= 1
    assert {attributes["name"]: attributes["content"] for attributes, _ in tree.all("meta") if "name" in attributes}[
        "viewport"
    ].startswith("width=device-width")


def test_every_element_has_a_valid_parent(tree):
    assert all(attributes.get("scope") == "col" for attributes, _ in tree.all("th"))
    assert len(tree.all("table")) == len(tree.all("thead")) == len(tree.all("tbody"))
    assert all(parents[-1] in ("ul", "ol") for _, parents in tree.all("li"))
    assert all(parents[-1] == "dl" for _, parents in tree.all("dt", "dd"))
    assert all(parents[-1] == "details" for _, parents in tree.all("summary"))
    assert len(tree.all("summary")) == len(tree.all("details"))
    assert all(parents[-1] == "main" for _, parents in tree.all("section"))


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_by_the_standard():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("sheet", ["page.css", "runbook.css"])
def test_text_is_readable_in_light_dark_and_print(sheet):
    style = (SHEETS / sheet).read_text()
    roots = [dict(re.findall(r"--(\w+): (#\w+)", rule)) for rule in re.findall(r":root \{([^}]*)\}", style)]
    assert len(roots) == 3
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style
    for colours in roots:
        papers = [colours[name] for name in ("paper", "code") if name in colours]
        inks = {name: colour for name, colour in colours.items() if name not in ("paper", "code", "line")}
        low = {
            (name, paper): round(contrast(colour, paper), 2)
            for name, colour in inks.items()
            for paper in papers
            if contrast(colour, paper) < READABLE
        }
        assert low == {}


def test_printed_parts_are_open_and_the_runbook_has_page_margins():
    assert "details::details-content { content-visibility: visible; }" in (SHEETS / "page.css").read_text()
    assert re.search(r"@page \{[^}]*margin: 8mm", (SHEETS / "runbook.css").read_text())
