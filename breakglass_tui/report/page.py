"""The HTML pages of the evidence. Each is one file without scripts, fonts, images or network access."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from breakglass_tui.domain.remedy_parts import remedy_parts
from breakglass_tui.domain.text import show
from breakglass_tui.domain.verdict_lines import RISKS
from breakglass_tui.report.markdown import (
    ACCEPTED_DEVICES,
    ACCEPTED_NOTE,
    COMPLIANCE_NOTE,
    CONTROL_STATUS,
    LONGEST,
    NO_JOURNAL,
    NOT_RECORDED,
    by_standard,
    custodians,
    reason_kind,
    shown_verdict,
    tally,
)
from breakglass_tui.report.place_note import place_note
from breakglass_tui.report.verify_commands import NOTE as VERIFY_NOTE
from breakglass_tui.report.verify_commands import TITLE as VERIFY_TITLE
from breakglass_tui.report.verify_commands import verify_commands

TEMPLATES = ("page.html", "runbook.html")
_HERE = Path(__file__).parent


def page(document: dict[str, Any]) -> str:
    """Return the report ``document`` as an HTML page."""
    words = {
        "risks_title": RISKS,
        "control_status": CONTROL_STATUS,
        "no_journal": NO_JOURNAL,
        "accepted_title": ACCEPTED_DEVICES,
        "accepted_note": ACCEPTED_NOTE,
        "not_recorded": NOT_RECORDED,
        "compliance_note": COMPLIANCE_NOTE,
        "place": place_note(document["run"]),
        "verify_title": VERIFY_TITLE,
        "verify_note": VERIFY_NOTE,
        "verify_commands": tuple(verify_commands(document["run"])),
    }
    return rendered("page.html", "page.css", {**document, **words})


def rendered(template: str, sheet: str, values: Mapping[str, Any]) -> str:
    """Return the HTML page of ``template``, with the style sheet ``sheet`` embedded.

    In ``values``, control characters become escapes, and then HTML is escaped. The names ``style`` and ``csp`` are
    reserved.
    """
    style = (_HERE / sheet).read_text(encoding="utf-8")
    # The file is part of this package. Escaping would change its content, and the hash in the policy would not match.
    trusted = Markup(style)  # noqa: S704 - see above
    return _environment().get_template(template).render(**values, style=trusted, csp=content_security_policy(style))


def load_templates() -> None:
    """Compile the templates of both pages. Otherwise the first page of the process does that."""
    for template in TEMPLATES:
        _environment().get_template(template)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        finalize=_without_controls,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"custodians": custodians, "by_standard": by_standard, "tally": tally}
    environment.filters |= {"shown_verdict": shown_verdict, "reason_kind": reason_kind, "remedy_parts": remedy_parts}
    return environment


def _without_controls(value: object) -> object:
    return value if isinstance(value, Markup) else show(str(value), LONGEST)


def content_security_policy(style: str) -> str:
    """Return a Content-Security-Policy that allows only the style sheet with the text ``style``."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
