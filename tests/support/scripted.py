"""Somebody at a terminal who types what the test says."""

from __future__ import annotations

from breakglass_tui.plain.terminal import InputEnded, Terminal
from breakglass_tui.secrets.secret import Secret


class Typing(Terminal):
    """Answers each question with the next line; when there is none left, the input has ended."""

    def __init__(self, lines):
        self.said, self.lines = [], list(lines)
        super().__init__(self.said.append)

    def line(self, over=None):
        if not self.lines:
            raise InputEnded
        return self.lines.pop(0)

    def hidden(self, question):
        self.write(question)
        return Secret(self.line())
