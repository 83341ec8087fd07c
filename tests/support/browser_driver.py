"""Opens pages in a real browser and prints the findings as JSON. It is a separate process with a separate event loop.

``browser_driver.py BROWSER PAGE… --print PAGE…``: for each page the messages and requests of the browser, what
print leaves out, and the number of sheets. For pages that are not only printed it also has the findings of axe-core in
each colour scheme, with everything unfolded.
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
"""The axe-core rules that depend on colours run in both schemes, all others once."""
JUDGE = """
rules => axe.run({...rules, resultTypes: ["violations", "incomplete"]}).then(
  found => [...found.violations, ...found.incomplete].map(one => `${one.impact}: ${one.id}`))
"""
FOLD = "document.querySelectorAll('details').forEach(one => one.open = {})"
PRINTED = "dd, td:not(.once), li:not(.remedy), code, pre:not(.remedy pre)"
"""What must be printed. The remedies of a runbook are for the time before an emergency, and are only on the screen."""
UNSEEN = f"[...document.querySelectorAll('{PRINTED}')].filter(one => !one.checkVisibility()).length"


def told(page, path, *, judge):
    """Return what the browser reports about the page at ``path``."""
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
    # The only expected request is the one for the page.
    return {"said": said, "asked": asked[1:], "wrong": wrong, "unseen": unseen, "sheets": sheets}


def judged(page):
    """Return the rules of axe-core that the page breaks or may break, in each colour scheme."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(FOLD.format("true"))
    wrong = {}
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        wrong[scheme] = page.evaluate(JUDGE, rules)
    return wrong


def sheets_of(pdf):
    """Return the number of pages of a PDF."""
    return len(re.findall(rb"/Type\s*/Page(?!s)", pdf))


def main(browser, *arguments):
    """Check every page with one browser."""
    looked, printed = arguments[: arguments.index("--print")], arguments[arguments.index("--print") + 1 :]
    with sync_playwright() as playwright:
        # In a container every process is root, and the sandbox of the browser does not work for root.
        running = playwright.chromium.launch(executable_path=browser, chromium_sandbox=False)
        found = {path: told(running.new_page(), Path(path), judge=path in looked) for path in (*looked, *printed)}
        running.close()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
