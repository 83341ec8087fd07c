"""The prose of the repository is plain technical English: it has no word and no form that plain_english.py lists.

To see the findings of a folder: python tests/support/prose.py --bad breakglass_tui/ui
"""

from __future__ import annotations

import re
from collections import Counter

import plain_english
import prose
import pytest

BAD = {
    "archaic word": ("The key is made anew.", "Whoever asks", "Nobody can read it", "an undo that had begun"),
    "mend": ("Mend it, then retry.", "it was mended"),
    "tell": ("It tells each result.", "AWS was told", "the telling"),
    "stand": ("It stands below.", "what stood there", "Standing"),
    "look at": ("Look at the runs", "what is looked\nat"),
    "carry out": ("Carry out the plan", "Resume carries all of it out.", "carrying\nout"),
    "take back": ("What fails is taken back.", "It takes all of it back."),
    "go on": ("Go on", "a run that can be gone on with", "the others go on."),
    "hold against": ("Holds the user against AWS.", "held against the request"),
    "lasting password": ("the lasting password", "Lasting passwords"),
    "inverted clause": ("Where AWS says no, the run ends.", "Done. Whose key this is, the report says."),
    "semicolon": (
        "It reads; nothing is written.",
        "No seal; AWS refuses",
        "`a`; `b` is next; then c",
        "f() {\nsay 'No; again'\n}",
        "; in use, too",
    ),
    "as it is": ("Leave it as it is", "All stays as it was.", "as they were, and more", "esc as it is\nf1 help"),
}
GOOD = (
    "The standard output stands-in: understand the standalone stand-in of a long-standing rule.",
    "Where are the files, and who owns them?",
    "Where the files are, and who owns them.",
    "The file where AWS says no, and the run ends.",
    "Keep it as it was written, as long as it is.",
    "The label goes on the left. Hold the key. It is secure against replay.",
    "Take it. The back of the card. Carry the card. Out of range.",
    "Call `tell` or ``stand; go on``, or read [the page](standing;%20told.md).",
    "default-src 'none'; style-src 'self'; base-uri 'none'",
    "A line.\n\nSources: IAM User Guide, quotas; STS API, errors;\nKMS API, limits.",
    "case $1 in file) list ;; plain) list ;; esac",
    ".stop { opacity: 0; animation: show {}s linear }",
    "Recommend, amend, foretell, marshall, retold.",
)
AT_LEAST = {
    ("breakglass_tui", "string"): 1000,
    ("breakglass_tui", "docstring"): 1000,
    ("breakglass_tui", "comment"): 100,
    ("breakglass_tui", "template"): 10,
    ("scripts", "docstring"): 20,
    ("scripts", "string"): 20,
    ("styles", "comment"): 10,
    ("tests", "docstring"): 500,
    ("tests", "comment"): 50,
    (".ci", "comment"): 1,
    (".ci", "string"): 1,
    ("Makefile", "comment"): 1,
    ("Makefile", "help"): 5,
    ("pyproject.toml", "comment"): 3,
    ("constraints.txt", "comment"): 1,
    ("README.md", "document"): 30,
    ("ARCHITECTURE.md", "document"): 30,
    ("CHANGELOG.md", "document"): 15,
    ("CONTRIBUTING.md", "document"): 3,
    ("SECURITY.md", "document"): 10,
}


def test_the_prose_has_none_of_the_words_and_forms():
    found = [str(finding) for finding in plain_english.findings()]
    assert not found, f"{len(found)} findings:\n" + "\n".join(found)


def test_at_most_15_phrases_are_allowed_and_each_has_a_reason():
    assert len(plain_english.ALLOWED) <= 15
    for phrase, reason in plain_english.ALLOWED.items():
        assert len(phrase.split()) >= 3, phrase
        assert len(reason.split()) >= 3, phrase


def test_every_allowed_phrase_occurs_and_breaks_a_rule(monkeypatch):
    texts = [" ".join(item.text.split()) for item in prose.items()]
    allowed = list(plain_english.ALLOWED)
    monkeypatch.setattr(plain_english, "ALLOWED", {})
    for phrase in allowed:
        assert any(phrase in text for text in texts), phrase
        assert list(plain_english.violations(phrase)), phrase


def test_an_allowed_phrase_hides_only_itself(monkeypatch):
    monkeypatch.setattr(plain_english, "ALLOWED", {"the last man standing": "An example of this test."})
    assert list(plain_english.violations("It is the last\nman standing.")) == []
    assert list(plain_english.violations("It is the last man standing, and stands.")) == [("stand", "stands")]


def test_every_rule_has_a_bad_example():
    assert BAD.keys() == plain_english.RULES.keys()


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in BAD.items() for text in texts])
def test_a_rule_finds_its_bad_examples(rule, text):
    assert rule in {found for found, _ in plain_english.violations(text)}


@pytest.mark.parametrize("text", GOOD)
def test_good_examples_pass(text):
    assert list(plain_english.violations(text)) == []


def test_the_extractor_finds_every_kind_of_prose():
    counts = Counter((item.file.split("/")[0], item.kind) for item in prose.items())
    assert {key: counts[key] for key, least in AT_LEAST.items() if counts[key] < least} == {}


def test_the_extractor_reads_python(tmp_path, monkeypatch):
    source = '''"""A module of the test."""

LIMIT = 3
"""The limit of something."""

# A comment that has
# two lines
def f(x: int) -> str:  # noqa: A001 - a reason given
    """Return a text."""
    return f"{x:%Y %m} joined " "to one" + ("yes or no" if x else "word")
'''
    (tmp_path / "breakglass_tui").mkdir()
    (tmp_path / "breakglass_tui" / "one.py").write_text(source)
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    found = [(item.line, item.kind, item.text) for item in prose.items()]
    assert sorted(found) == [
        (1, "docstring", "A module of the test."),
        (4, "docstring", "The limit of something."),
        (6, "comment", "A comment that has\ntwo lines"),
        (8, "comment", "a reason given"),
        (9, "docstring", "Return a text."),
        (10, "string", "yes or no"),
        (10, "string", "{} joined to one"),
    ]


def test_of_generated_shell_code_only_comments_and_messages_are_prose(tmp_path, monkeypatch):
    source = r'''
SHELL = """\
if [ -e "$1" ]; then exit; fi # a comment on code
say() { printf '%s\\n' "$*" >&2; }
  undo   A line that is prose
stop "There is no file."
stop "The file $1 is missing."
"""
'''
    (tmp_path / "breakglass_tui" / "commands").mkdir(parents=True)
    (tmp_path / "breakglass_tui" / "commands" / "one.py").write_text(source)
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    (item,) = prose.items()
    text = re.sub(r"\n+", "\n", item.text).strip()
    assert text.splitlines() == [
        "a comment on code",
        "  undo   A line that is prose",
        'stop "There is no file."',
        "The file $1 is missing.",
    ]
