"""The report as one HTML file that needs nothing else: no script, no font, no picture, no network."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from breakglass_tui.domain.text import show
from breakglass_tui.report.markdown import LONGEST, VERDICTS, custodians

_HERE = Path(__file__).parent


def page(document: dict[str, Any]) -> str:
    """The report ``document`` as HTML. Whatever it says is escaped twice over: spelled out, then as HTML."""
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["custodians"] = custodians
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    # Our own file, with nothing foreign in it: escaping would change what the policy's hash stands for.
    trusted = Markup(style)  # noqa: S704 - see above
    return environment.get_template("page.html").render(
        **document, style=trusted, csp=content_security_policy(style), verdicts=VERDICTS
    )


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else show(str(value), LONGEST)


def content_security_policy(style: str) -> str:
    """A policy that allows this one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
