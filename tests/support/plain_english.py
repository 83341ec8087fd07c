"""The words and forms that the prose of the repository does not use.

Before an item is judged, what is not prose in it is replaced: text in backticks, link targets, text on one line in
braces that contains a semicolon (CSS, shell functions), and a list of sources ("Source: ..." up to the end of its
paragraph).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import prose

ALLOWED: dict[str, str] = {}
"""Exact phrases of three or more words that are permitted, each with its reason. test_language.py limits their number.

A line break in the text equals a space in the phrase. A match outside the phrase is still a finding.
"""

BETWEEN = r"(?:\s+[^\s.,;:!?]+){0,4}?\s+"
"""A verb and its particle can have up to four words between them."""
NO_CLAUSE = (
    r"(?!(?:and|or|nor|but|as|at|by|coming|for|from|how|if|in|of|on|so|to|what|when|where|which|while|who|whose|why"
    r"|with|without)\b)"
)
"""After a comma, these words continue a noun phrase ("Where the files are, and who owns them") or a list."""
CSP = r"(?![a-z]+-(?:src|uri|action|ancestors)\b)"
"""The directives of a Content-Security-Policy, which semicolons separate."""

RULES = {
    "archaic word": r"\b(?:anew|shall|who(?:so)?ever|whomever|somebody|nobody|thereby|therein|hereby|begun)\b",
    "mend": r"\bmend(?:s|ed|ing)?\b",
    "tell": r"\b(?:tell|tells|telling|told|teller)\b",
    "stand": r"(?<!-)\b(?:stand|stands|standing|stood)\b(?!-)",
    "look at": r"\blook(?:s|ed|ing)?\s+at\b",
    "carry out": rf"\bcarr(?:y|ies|ied|ying){BETWEEN}out\b",
    "take back": rf"\b(?:take|takes|took|taken|taking){BETWEEN}back\b",
    # "The label goes on the left" is plain English.
    "go on": r"\b(?:go|goes|going|gone|went)\s+on\b(?!\s+(?:an?|the|this|stdout|stderr)\b)",
    "hold against": rf"\b(?:hold|holds|held|holding){BETWEEN}against\b",
    "lasting password": r"\blasting\s+passwords?\b",
    # A capital letter begins a sentence. A question, and a noun phrase without a main clause, are no inversions.
    "inverted clause": rf"\b(?-i:Where|Whose)\s[^.?!,(]*,\s+{NO_CLAUSE}[^.?!]*(?:[.!]|\Z)",
    "semicolon": rf"\S*(?<!;);\s+{CSP}[a-z]\S*",
    "as it is": (
        r"(?<!\bsoon )(?<!\blong )(?<!\bfar )"
        r"\bas\s+(?:it|they)\s+(?:is|was|are|were|stands?|stood)(?=\s*(?:[.,;:)!?|]|\Z)|[^\S\n]*\n)"
    ),
}
_COMPILED = {rule: re.compile(pattern, re.IGNORECASE) for rule, pattern in RULES.items()}
_CODE = re.compile(
    r"(`+)(?:(?!\n\s*\n)[^`]){1,200}\1"
    r"|\]\([^)]*\)"
    r"|\bSources?: (?:(?!\n\s*\n).)*"
    r"|\{(?:[^{}\n]|\{\})*;(?:[^{}\n]|\{\})*\}",
    re.DOTALL,
)
_WRAPPED = re.compile(r"[ \t]*\n(?!\s*\n)(?!\s*[-*|] )[ \t]*")


class Finding(NamedTuple):
    """A violation of one rule."""

    file: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: [{self.rule}] {self.text}"


def violations(text: str, kind: str = "string") -> Iterator[tuple[str, str]]:
    """Yield the rule and the matched words of each violation in ``text``.

    In a string a line break ends a clause. In any other ``kind`` it is a space.
    """
    text = _CODE.sub("CODE", text)
    if kind != "string":
        text = _WRAPPED.sub(" ", text)
    for phrase in ALLOWED:
        text = re.sub(_spaced(phrase.split(), r"\s+"), "ALLOWED", text)
    for rule, pattern in _COMPILED.items():
        for match in pattern.finditer(text):
            yield rule, " ".join(match[0].split())


def findings(prefixes: list[str] | None = None) -> Iterator[Finding]:
    """Yield every violation in the files at or below ``prefixes``."""
    for item in prose.items(prefixes):
        lines: list[str] = []
        after: Counter[str] = Counter()
        for rule, words in violations(item.text, item.kind):
            lines = lines or (prose.ROOT / item.file).read_text(encoding="utf-8").splitlines()
            source = "\n".join(lines[item.line - 1 : item.end])
            # The source has quotes, backslashes and comment signs between the words.
            place = re.compile(_spaced(words.split()[:4], r"[\s\\\"'#f|]+"), re.DOTALL).search(source, after[rule])
            after[rule] = place.end() if place else after[rule]
            line = item.line + source.count("\n", 0, place.start() if place else 0)
            yield Finding(item.file, line, rule, f"'{_short(words, 60)}' in: {_short(lines[line - 1].strip(), 160)}")


def _spaced(words: list[str], separator: str) -> str:
    pattern = separator.join(re.escape(word).replace("CODE", r"[`{\]].{0,200}?") for word in words)
    return (r"\b" if words[0][0].isalnum() and not words[0].startswith("CODE") else "") + pattern


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
