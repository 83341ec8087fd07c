"""Hostile text in each field of the report stays text in every format: no tag, no link, no entity, no YAML value."""

from __future__ import annotations

import copy
import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET
from xml.parsers import expat

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from breakglass_tui.report.junit import junit
from breakglass_tui.report.markdown import escape, markdown
from breakglass_tui.report.mutelist import mutelist
from breakglass_tui.report.page import page
from breakglass_tui.report.report_document import report_document
from breakglass_tui.report.runbook import runbook, runbook_markdown, runbook_page

MARK = "PWNED"
PAYLOADS = {
    "web address": f"https://evil.example/{MARK}",
    "web address in brackets": f"(http://evil.example/{MARK})",
    "ftp address": f"ftp://evil.example/{MARK}",
    "upper case": f"HTTPS://EVIL.EXAMPLE/{MARK} WWW.EVIL.EXAMPLE/{MARK}",
    "www": f"www.evil.example/{MARK}",
    "no scheme": f"//localhost/{MARK} //evil.com/{MARK}",
    "domain": f"{MARK}.evil.com",
    "two-letter domain": f"{MARK}.md",
    "domain in another script": f"{MARK}.рф пример.рф",
    "e-mail address": f"{MARK}@evil.com",
    "e-mail address with scheme": f"mailto:{MARK}@evil.example xmpp:{MARK}@evil.example",
    "angle brackets": f"<https://evil.example/{MARK}> <{MARK}@evil.example>",
    "link": f"[{MARK}](https://evil.example) ![{MARK}](//evil.example/i.png)",
    "reference": f"[{MARK}]: https://evil.example\n[{MARK}]",
    "script": f"<script>{MARK}</script><img src=x onerror={MARK}>",
    "attribute": f"\" onmouseover=\"{MARK}\" '><a href='javascript:{MARK}'>",
    "entity": f"&lt;b&gt;{MARK}&#60;b&#62; &{MARK};",
    "doctype": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;{MARK}',
    "CDATA": f"]]><failure>{MARK}</failure><![CDATA[",
    "processing instruction": f"?><?xml-stylesheet href='//evil.example'?>{MARK}",
    "controls": f"{MARK}\x00\x08\x0b\x1b[31m\ufffe\uffff\ud800\x85\u2028",
    "backticks": f"`{MARK}` ```{MARK} `https://evil.example/{MARK}` \\`www.evil.example",
    "pipes": f"{MARK} | x || https://evil.example|{MARK} \\| www.evil.example\\|",
    "backslash": f"https://evil.example/{MARK}\\",
    "new block": f"{MARK}\n\n# {MARK}\n- {MARK}\n    {MARK}\n---",
    "YAML tag": f"!!python/object/apply:os.system ['{MARK}']",
    "YAML anchor": f"&a {MARK} *a",
    "YAML mapping": f'{MARK}: x\n  y: z #"',
    "YAML end": f"...\n---\n{MARK}: 1",
    "YAML bool": "yes",
    "YAML null": "~",
    "YAML number": "1e3",
    "YAML octal": "0o17",
    "YAML date": "2026-11-22",
    "YAML float": ".inf",
    "YAML flow": f"[{MARK}, x]{{y: z}}",
    "YAML quotes": f"\"{MARK}\" '{MARK}' \\x41 \\n \\",
    "YAML merge": "<<",
}
ENUMS = {"status", "verdict", "kind", "standing", "standard", "controls", "seals", "id", "access", "mfa"}
"""Fields that have one of a few values of this program. Only ids of users and requests come from outside."""


@pytest.fixture(params=PAYLOADS, ids=str)
def payload(request):
    return PAYLOADS[request.param]


@pytest.fixture
def hostile(finished, history, payload):
    """Return the report document with the payload in each text that can come from outside, and its facts."""
    document = report_document(finished, history=history)
    document["request"].update(role_arn="arn:aws:iam::123456789012:role/Deploy", groups=["x"], tags={"a": "b"})
    facts = dict.fromkeys(("user_arn", "access_key_id", "mfa_serial"), payload)
    return replaced(copy.deepcopy(document), payload), facts


def replaced(part, payload, name=""):
    if isinstance(part, dict):
        return {key: replaced(value, payload, key) for key, value in part.items()}
    if isinstance(part, list):
        return [replaced(item, payload, name) for item in part]
    return payload if isinstance(part, str) and name not in ENUMS else part


class Tags(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words = [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.words += data


def renderers():
    return (MarkdownIt("gfm-like"), MarkdownIt("commonmark", {"linkify": True}).enable(["table", "linkify"]))


def test_a_link_in_plain_text_is_what_these_renderers_make():
    for renderer in renderers():
        for name in ("web address", "domain", "e-mail address", "no scheme", "two-letter domain"):
            assert "<a " in renderer.render(PAYLOADS[name]), name


def test_markdown_has_no_link_and_no_tag(hostile):
    document, facts = hostile
    for text in (markdown(document), runbook_markdown(runbook(document, facts))):
        for renderer in renderers():
            found = Tags(renderer.render(text))
            assert not {"a", "img", "script", "b", "failure"} & set(found.tags)
            assert not set(found.attributes) - {"start", "style"}
            assert found.tags.count("h1") == 1


def test_tables_keep_their_cells(hostile):
    document, _ = hostile
    for renderer in renderers():
        html = renderer.render(markdown(document))
        for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
            rows = [len(re.findall(r"<t[hd]>", row)) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]
            assert len(set(rows)) == 1


@given(st.text("ab.|`*_[]()<>&#~\\!@:/ \n\r\twхф", max_size=30))
def test_any_text_is_one_cell_without_a_link_and_is_complete(text):
    renderer = MarkdownIt("gfm-like")
    html = renderer.render(f"| a | b |\n| --- | --- |\n| x {escape(text)} x | y |\n")
    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 2
    assert set(Tags(cells[0]).tags) <= {"code"}
    shown = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    assert Tags(cells[0]).words.split() == f"x {shown} x".split()


def test_html_has_only_its_own_tags(hostile, finished):
    document, facts = hostile
    own = report_document(finished)
    pairs = (
        (page(document), page(own)),
        (runbook_page(runbook(document, facts)), runbook_page(runbook(own, dict(finished.facts)))),
    )
    for text, plain in pairs:
        found, expected = Tags(text), Tags(plain)
        assert set(found.tags) <= set(expected.tags) | {
            "code",
            "pre",
            "ul",
            "li",
            "p",
            "ol",
            "section",
            "table",
            "span",
        }
        assert not [name for name in found.attributes if name in ("href", "src") or name.startswith("on")]


def test_junit_is_xml_without_a_doctype_or_an_entity(hostile):
    text = junit(hostile[0])
    assert text.isascii()
    seen = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = lambda *_: seen.append("declaration")
    parser.ProcessingInstructionHandler = parser.ExternalEntityRefHandler = lambda *_: seen.append("reference")
    parser.ParseFile(io.BytesIO(text.encode()))
    assert seen == []
    root = ET.fromstring(text)
    known = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "skipped", "system-out"}
    assert {element.tag for element in root.iter()} <= known


def test_the_mutelist_keeps_every_value_as_text(hostile, payload):
    rules = yaml.safe_load(mutelist(hostile[0]))["Mutelist"]["Accounts"]
    ((account, checks),) = [(account, rule["Checks"]) for account, rule in rules.items()]
    assert isinstance(account, str)
    for check, rule in checks.items():
        assert re.fullmatch(r"[a-z_]+", check)
        assert set(rule) <= {"Regions", "Resources", "Tags", "Description"}
        assert all(isinstance(value, str) for key in rule for value in [rule[key]] if key == "Description")
        assert all(isinstance(value, str) for key in ("Regions", "Resources") for value in rule[key])
        assert rule["Regions"] == ["*"]
    if payload.isprintable():
        assert account == payload
        assert {rule["Description"] for rule in checks.values()} == {payload}
