"""Pages as one HTML file each that needs nothing else: no script, no font, no picture, no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from breakglass_tui.domain.text import show
from breakglass_tui.domain.verdict_lines import RISKS
from breakglass_tui.report.markdown import (
    LENS,
    LONGEST,
    NO_JOURNAL,
    STANDINGS,
    by_standard,
    custodians,
    reason_kind,
    shown_verdict,
    tally,
)

_HERE = Path(__file__).parent


def page(document: dict[str, Any]) -> str:
    """The report ``document`` as HTML."""
    words = {"risks_title": RISKS, "standings": STANDINGS, "no_journal": NO_JOURNAL, "lens": LENS}
    return rendered("page.html", "page.css", {**document, **words})


def rendered(template: str, sheet: str, values: Mapping[str, Any]) -> str:
    """A template of this package with its style sheet inside. Values are escaped twice over: spelled out, then as HTML.

    The names ``style`` and ``csp`` are the template's own.
    """
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"custodians": custodians, "by_standard": by_standard, "tally": tally}
    environment.filters |= {"shown_verdict": shown_verdict, "reason_kind": reason_kind}
    style = (_HERE / sheet).read_text(encoding="utf-8")
    # Our own file, with nothing foreign in it: escaping would change what the policy's hash stands for.
    trusted = Markup(style)  # noqa: S704 - see above
    return environment.get_template(template).render(**values, style=trusted, csp=content_security_policy(style))


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else show(str(value), LONGEST)


def content_security_policy(style: str) -> str:
    """A policy that allows this one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
