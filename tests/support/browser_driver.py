"""Opens pages in a real browser and tells, as JSON, what it made of them; a process of its own with a loop of its own.

``browser_driver.py BROWSER PAGE… --print PAGE…``: for each page what the browser said and asked for, what print leaves
out, and how many sheets it takes; of the pages that are not only printed, what axe-core finds wrong in each colour
scheme with everything unfolded.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import sync_playwright

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""What depends on colours is judged in both schemes, all else once."""
JUDGE = """
rules => axe.run({...rules, resultTypes: ["violations", "incomplete"]}).then(
  found => [...found.violations, ...found.incomplete].map(one => `${one.impact}: ${one.id}`))
"""
FOLD = "document.querySelectorAll('details').forEach(one => one.open = {})"
UNSEEN = "[...document.querySelectorAll('dd, td:not(.once), li, code')].filter(one => !one.checkVisibility()).length"


def told(page, path, *, judge):
    """What the browser makes of the page at ``path``."""
    said, asked = [], []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    wrong = judged(page) if judge else {}
    page.evaluate(FOLD.format("false"))
    page.emulate_media(media="print")
    unseen = page.evaluate(UNSEEN)
    sheets = {size: sheets_of(page.pdf(format=size)) for size in ("A4", "Letter")}
    # The page itself is the one thing that is asked for.
    return {"said": said, "asked": asked[1:], "wrong": wrong, "unseen": unseen, "sheets": sheets}


def judged(page):
    """The rules of axe-core that the page breaks, or may break, in each colour scheme."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(FOLD.format("true"))
    wrong = {}
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        wrong[scheme] = page.evaluate(JUDGE, rules)
    return wrong


def sheets_of(pdf):
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page(?!s)", pdf))


def main(browser, *arguments):
    """Look at every page with one browser."""
    looked, printed = arguments[: arguments.index("--print")], arguments[arguments.index("--print") + 1 :]
    with sync_playwright() as playwright:
        # In a container everything is root, and there the browser's own sandbox cannot be had.
        running = playwright.chromium.launch(executable_path=browser, chromium_sandbox=False)
        found = {path: told(running.new_page(), Path(path), judge=path in looked) for path in (*looked, *printed)}
        running.close()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
