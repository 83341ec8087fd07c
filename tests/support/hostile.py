"""Text that an attacker chose: what it could do to a terminal, a screen, a page or a table, and how to find it.

Every control sequence carries the number 7777 or the word PWNED, which the program itself never writes.
"""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len

ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"

STEERING = {
    "csi colour": f"{ESC}[7777mx",
    "csi clear": f"{ESC}[7777Jx",
    "csi cursor": f"{ESC}[7777;7777Hx",
    "csi alternate screen": f"{ESC}[?7777l",
    "csi device status": f"{ESC}[6n PWNED",
    "csi device attributes": f"{ESC}[>0c PWNED",
    "csi title report": f"{ESC}[21t PWNED",
    "csi scroll region": f"{ESC}[7777r",
    "csi never ended": f"{ESC}[7777;",
    "osc title bel": f"{ESC}]0;PWNED{BEL}",
    "osc title st": f"{ESC}]2;PWNED{ST}",
    "osc link": f"{ESC}]8;;https://evil.example/PWNED{ST}here{ESC}]8;;{ST}",
    "osc link bel": f"{ESC}]8;;file:///PWNED{BEL}here{ESC}]8;;{BEL}",
    "osc clipboard bel": f"{ESC}]52;c;UFdORUQ={BEL}",
    "osc clipboard st": f"{ESC}]52;p;UFdORUQ={ST}",
    "osc colours asked": f"{ESC}]10;?{BEL}PWNED",
    "osc never ended": f"{ESC}]0;PWNED",
    "dcs": f"{ESC}P$q PWNED{ST}",
    "dcs tmux": f"{ESC}Ptmux;{ESC}{ESC}]52;c;PWNED{BEL}{ST}",
    "apc": f"{ESC}_G PWNED{ST}",
    "pm": f"{ESC}^PWNED{ST}",
    "sos": f"{ESC}XPWNED{ST}",
    "reset": f"{ESC}cPWNED",
    "charset": f"{ESC}(0PWNED",
    "keypad": f"{ESC}=PWNED",
    "lone esc": f"PW{ESC}NED",
    "c1 csi": "\x9b7777mx",
    "c1 osc": "\x9d0;PWNED\x9c",
    "c1 dcs": "\x90PWNED\x9c",
    "c1 apc": "\x9fPWNED\x9c",
    "c1 next line": "a\x85PWNED",
    "utf-8 of c1 as latin-1": "Â\x9b7777m",
    "paste ends": f"{ESC}[201~PWNED",
    "paste begins": f"{ESC}[200~PWNED",
    "nul": "PW\x00NED",
    "bell": f"PW{BEL}NED",
    "backspaces": "admin\x08\x08\x08\x08\x08PWNED",
    "carriage return": "good\rPWNED",
    "line feed": "good\nPWNED",
    "vertical tab, form feed": "a\x0bb\x0cPWNED",
    "shift out": "a\x0ePWNED\x0f",
    "substitute": "a\x1aPWNED",
    "file separator": "a\x1c\x1d\x1e\x1fPWNED",
    "delete": "a\x7fPWNED",
    "tabs": "a\tb\t\tPWNED",
}
HIDING = {
    "bidi override": "bob\u202egpj.exe\u202c",
    "bidi isolate": "a\u2066\u2067\u2068b\u2069",
    "bidi marks": "a\u200e\u200f\u061cb",
    "zero width": "ad\u200bm\u200c\u200din\u2060\ufeff",
    "soft hyphen": "ad\u00admin",
    "line separators": "a\u2028b\u2029c",
    "combining stack": "Z" + "\u0301\u0334\u0489" * 40,
    "mark without a letter": "\u0301\u0301name",
    "lone surrogates": "a\ud800b\udfffc",
    "undecodable file name": b"caf\xe9\xff".decode("utf-8", "surrogateescape"),
    "private use": "a\ue000b\U000f0000c",
    "unassigned": "a\u0378b\U000e0080",
    "not a character": "a\uffffb\U0010ffff",
    "tag characters": "a" + "".join(chr(0xE0000 + ord(c)) for c in "PWNED"),
    "variation selectors": "a\ufe0f\ufe0eb\U000e0100",
    "fillers": "a\u3164\u115f\u1160\uffa0\u2800\u034fb",
    "emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "flag and skin": "\U0001f1e9\U0001f1ea\U0001f44d\U0001f3fd\U0001f3fd",
    "interlinear": "a\ufff9b\ufffac\ufffb",
    "very long": "L" * 9000,
    "very long and wide": "幅" * 5000,
}
MARKUP = {
    "closing nothing": "[/]",
    "half a tag": "[/",
    "half an opening": "[bold",
    "closing another": "[/foo]",
    "style": "[bold red]x",
    "action": "[@click=app.quit]x[/]",
    "action of the screen": "[@click=screen.dismiss('x')]x[/]",
    "link": "[link=https://evil.example]x[/link]",
    "variable": "[$error]x[/] $primary",
    "escaped bracket": "\\[/]\\",
    "brackets": "[[[]]] [] [",
    "emoji code": ":warning: :bomb:",
    "jinja": "{{ 7*7 }}{% raw %}{# x #}",
    "format": "{0} {x!r:>9} %s %(a)s ${HOME} $(id) `id`",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "html entity": "&lt;b&gt; &#x41; \"q\" 'q'",
    "html comment": "--><!-- ]]>",
    "markdown table": "a | b || c",
    "markdown link": "[x](javascript:alert(1)) ![i](https://evil.example/i)",
    "markdown autolink": "https://evil.example <https://evil.example> www.evil.example",
    "markdown rest": "# *b* _i_ `c` ~~s~~ > q\\",
    "spreadsheet formula": "=cmd|' /C calc'!A0",
    "spreadsheet at": "@SUM(1+1) +1 -1",
    "sql and shell": "'; DROP TABLE x; -- ; rm -rf / #",
}
ALL = STEERING | HIDING | MARKUP
WORST = (
    f"{ESC}]52;c;PWNED{BEL}\x9b7777m[/][@click=app.quit]x",
    f"[/foo]\r{ESC}[7777J\u202e\ud800\x7fPWNED",
    f"\x9d0;PWNED\x9c[bold\u2028{ESC}[201~\x00\u200b\U0001f1e9",
)
"""Several strings in one, short enough to be shown whole, for places that have one text only."""

_PROGRAMS_OWN = re.compile(
    r"\x1b\[[0-9;]*m"  # colours
    r"|\x1b\[[0-9;]*[HABCDJK]"  # moves of the cursor
    r"|\x1b\[[?>=<][0-9;]*[hlpu$]*[a-z]?"  # modes
    r"|\x1b\[[?>]?[0-9;]*[cnqtu]"  # queries to the terminal at the start
    r"|\x1b\]22;[a-z-]*(?:\x07|\x1b\\)"  # the shape of the pointer
    r"|\x1b\]0;breakglass-tui(?:: [a-zA-Z ]+)?\x07"  # the title, in the words of the program
    r"|\x1b[78]|\x1b_Gi=[0-9]+,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
)
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def steering(stream: str) -> list[str]:
    """Return the control sequences in ``stream`` that the program itself does not write. Line breaks are allowed."""
    found = [payload for payload in sequences() if payload in stream]
    rest = _PROGRAMS_OWN.sub("", stream).replace("\r\n", "\n")
    if rest.replace("\n", "").isprintable():
        return found
    return found + [
        rest[max(0, at - 20) : at + 20]
        for at, c in enumerate(rest)
        if c != "\n" and unicodedata.category(c) in _FORBIDDEN
    ]


def sequences() -> list[str]:
    """Return the strings above that must never be written unchanged."""
    raw = [*STEERING.values(), *(HIDING[name] for name in HIDING if not name.startswith("very long")), *WORST]
    return [text for text in raw if any(unicodedata.category(c) in _FORBIDDEN for c in text.replace("\n", ""))]


def broken_columns(lines: list[str], width: int) -> list[str]:
    """Return the lines that do not take ``width`` cells, or have a character whose width differs between terminals."""
    unsure = re.compile("[\ufe00-\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\u115f\u1160\u3164\uffa0\t]")
    return [line for line in lines if cell_len(line) != width or unsure.search(line)]
