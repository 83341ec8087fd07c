"""An operator at a terminal who types what the test lists."""

from __future__ import annotations

from breakglass_tui.plain.terminal import InputEnded, Terminal
from breakglass_tui.secrets.secret import Secret


class Typing(Terminal):
    """Answers each question with the next line, or with the result of a function. Without more lines the input ends."""

    def __init__(self, lines):
        self.said, self.lines = [], list(lines)
        super().__init__(self.said.append)

    def read_line(self, over=None):
        if not self.lines:
            raise InputEnded
        line = self.lines.pop(0)
        return line() if callable(line) else line

    def read_hidden(self, question):
        self.write(question)
        return Secret(self.read_line())

    def show_until_enter(self, *lines):
        self.said += lines
        self.read_line()

    @property
    def shown(self):
        """The generated passphrase that was shown last."""
        return next(text.strip() for text in reversed(self.said) if text.startswith("    "))
