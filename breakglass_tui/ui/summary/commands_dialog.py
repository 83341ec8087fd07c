"""CommandsDialog: shows the plan as a shell script, as Terraform, or as an IAM policy, to read, copy or save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from breakglass_tui.commands.iam_policy import iam_policy, iam_policy_notes
from breakglass_tui.commands.script import script
from breakglass_tui.commands.terraform import terraform
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.secrets.envelope_files import make_private_directory, write_private
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs, plain
from breakglass_tui.ui.widgets.reader import Reader

ABOUT = """\
What it does
  Shows the plan as a script of aws commands, as a Terraform file, or as the IAM policy that you need to apply it. No \
text contains a secret.

What it will change
  Nothing in AWS. s writes the shown text to a file in the directory of the envelopes.

Keys
  tab        next format
  s          save the text as a file
  y          copy the text to the clipboard of the terminal
  ↑ ↓ j k    scroll by a line
  PgUp PgDn  scroll by a page
  esc        close"""
LONGEST_LINE = 1 << 16


class Form(NamedTuple):
    """One format of the plan: the script, the Terraform file, or the IAM policy that the caller needs.

    ``title`` is the title of the dialog and ``suffix`` the end of the file name. ``name`` is shown as the action of tab
    while the format before it is shown. ``make`` returns the text. ``notes`` returns lines that are shown below the
    text and are no part of the file.
    """

    title: str
    suffix: str
    name: str
    make: Callable[[Setup, Plan], str]
    notes: Callable[[Setup, Plan], Sequence[str]] = lambda _, __: ()


SCRIPT = Form("The plan as aws commands", "commands.sh", "aws commands", script)
TERRAFORM = Form("The plan as a Terraform file", "tf", "Terraform", terraform)
IAM_POLICY = Form(
    "The IAM policy that you need for this plan", "iam-policy.json", "IAM policy", iam_policy, iam_policy_notes
)
FORMS = (SCRIPT, TERRAFORM, IAM_POLICY)


class CommandsDialog(DocumentDialog):
    """A dialog with the plan as a shell script, as a Terraform file, or as an IAM policy. Tab switches between them.

    No text contains a secret.
    """

    NAMED, ABOUT = "Commands", ABOUT
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "other(1)", "Next format", id="commands-other"),
        Binding("shift+tab", "other(-1)", "Previous format", show=False, id="commands-previous"),
        Binding("s", "save", "Save", id="commands-save"),
        Binding("y", "copy", "Copy", id="commands-copy"),
        Binding("c", "dismiss", "Close", show=False, id="commands-close"),
    ]

    class Saved(Message):
        """A worker has written the text to ``path``, or has failed with ``problem``."""

        def __init__(self, path: Path, problem: Problem | None = None) -> None:
            super().__init__()
            self.path, self.problem = path, problem

    def __init__(self, setup: Setup, plan: Plan, form: Form = SCRIPT) -> None:
        super().__init__("", ())
        self._setup, self._plan = setup, plan
        self._form, self._text = form, ""

    def on_mount(self) -> None:
        """Show the first format."""
        self._draw()

    def action_other(self, by: int) -> None:
        """Switch to the next or previous format, and scroll to its top."""
        self._form = self._form_at(by)
        self._draw()
        self.query_one(Reader).scroll_home(animate=False)

    def action_copy(self) -> None:
        """Copy the shown text to the terminal's clipboard."""
        if self._text:
            self.app.copy_to_clipboard(self._text)
            self._show("✓ Sent to the clipboard. The terminal does not confirm it.")

    def action_save(self) -> None:
        """Write the shown text to a file in the directory of the run's envelopes."""
        if self._text:
            name = f"{self._setup.request.user_name}.{self._form.suffix}"
            self._write(self._setup.envelopes.directory.absolute() / name, self._text)

    @work(thread=True, exit_on_error=False, description="saving commands")
    def _write(self, path: Path, text: str) -> None:

        try:
            make_private_directory(path.parent)
            write_private(path, text.encode())
        except Exception as error:  # noqa: BLE001 - a full disk must not take the app down
            self.post_message(self.Saved(path, as_problem(error)))
        else:
            self.post_message(self.Saved(path))

    @on(Saved)
    def _saved(self, message: Saved) -> None:
        if message.problem is None:
            self._show(f"✓ Saved as {show(str(message.path), LONGEST_LINE)}")
        else:
            self._show(f"✗ {show(str(message.problem), LONGEST_LINE)}")

    def _form_at(self, by: int) -> Form:
        """Return the format that is ``by`` places after the shown one."""
        return FORMS[(FORMS.index(self._form) + by) % len(FORMS)]

    def _draw(self) -> None:
        form = self._form
        try:
            self._text = form.make(self._setup, self._plan)
        except Problem as problem:
            self._text, told = "", _refusal(problem)
        else:
            notes = form.notes(self._setup, self._plan)
            told = [_line(line) for line in (*self._text.splitlines(), *([""] if notes else []), *notes)]
        self.query_one("#document-title", Static).update(form.title)
        self.query_one(Paragraphs).show(told)
        self._show("")

    def _show(self, said: str) -> None:
        """Update the bottom of the dialog: the message ``said``, if there is one, and the keys below it."""
        keys = f"tab {self._form_at(1).name}   s save   y copy   esc close   ↑ ↓ scroll   f1 help"
        lines = [*([Content(said)] if said else []), hint(keys)]
        self.query_one("#document-keys", Static).update(Content("\n").join(lines))


def _line(text: str) -> Paragraph:
    """Return one line of the text as a paragraph. If it wraps, the next rows have the same indent."""
    indent = len(text) - len(text.lstrip(" "))
    return plain(show(text[indent:], LONGEST_LINE), "$secondary" if text.lstrip().startswith("#") else "", indent)


def _refusal(problem: Problem) -> Sequence[Paragraph]:
    what = plain(f"✗ {show(problem.what)}", "bold $error")
    return [what, *(plain(show(text), indent=2) for text in (problem.why, problem.next) if text)]
