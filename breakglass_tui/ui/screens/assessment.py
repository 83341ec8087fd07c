"""Phase 1, Assessment: who is asking, and what shall exist.

The first paint is one line; the form is loaded and mounted after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.next_try import ASKS_AGAIN, READS_AGAIN, NextTry, said
from breakglass_tui.ui.screens.phase_screen import PhaseScreen

if TYPE_CHECKING:
    from breakglass_tui.ui.screens.assessment_form import AssessmentForm

ABOUT = """\
What it does
  Here you choose what shall exist, field by field; what comes of it stands beside or below.

What it will change
  Nothing: the account is only read.

Keys
  tab, ↑ ↓   from field to field
  ← →        choose on a row
  enter      next field, or open a list
  letters    open a list and search it
  PgUp PgDn  scroll
  ctrl+n     check everything and go on to the review
  f2         read the policy
  f3         validate any user of the account, read-only
  ctrl+r     after a problem: ask AWS again, or read again what could not be read
  esc        back to the start; what was typed is kept
  ctrl+p     all commands, among them the runs that were left unfinished
  ctrl+q     quit

The fields
  Where       IAM is global. The Region is where the KMS key lives and where STS and sign-in are asked.
  Who         The user's name; left blank, a name is generated. Path and tags help to find it again.
  How         Console: a generated password. Programmatic: an access key. An authenticator app, or a device that this \
tool enrols and whose seed it keeps for you; and whether anything goes without MFA.
  Protect     Each secret is sealed into files, one for each way in; without a seal it is shown once on the screen. A \
KMS key does not open while AWS is down: add an offline seal, which needs no AWS. Those are age recipients (public \
keys of people; also so many of them that must open together, and others for the MFA seed) and a passphrase.
  Belongs to  Groups the user joins, and a role it may assume: one statement is added to the role's trust.
  Policy      AdministratorAccess as AWS has it now, copied into an inline policy of this user."""
REVIEW = "review"


class AssessmentScreen(PhaseScreen):
    """The form, a preview of its outcome, and whatever stands in the way."""

    PHASE = Phase.ASSESSMENT
    ABOUT = ABOUT
    AUTO_FOCUS = None
    BINDINGS = [
        Binding("escape", "back", "Back", id="back", show=False),
        Binding("ctrl+n", "review", "Review", id="review"),
        Binding("f2", "policy", "Policy", id="policy"),
        Binding("f3", "visit", "Validate a user", id="visit", show=False),
    ]
    _form: AssessmentForm | None = None
    _wanted = False

    def compose_body(self) -> Iterable[Widget]:
        """One line, so that the first paint waits for nothing."""
        yield Static("◌ Reading the account …", id="opening", markup=False)

    def on_mount(self) -> None:
        """The form comes once this line is on the screen."""
        self.call_after_refresh(self._open)

    async def _open(self) -> None:
        from breakglass_tui.ui.screens.assessment_form import AssessmentForm

        self.breakglass.load_styles()
        form, body = AssessmentForm(self.session), self.query_one("#body")
        if body.is_attached:
            await body.mount(form)
        if not form.query("#region"):
            return  # the app was told to end before there was a form
        await self.query_one("#opening").remove()
        self._form = form
        self.breakglass.account_changed.subscribe(self, lambda _: self._account_changed())
        self._draw_trouble()
        if self.focused is None:
            self._focus(form)
        if self.session.seals_wanted:
            self.session.seals_wanted = False
            form.open_seals()

    def _focus(self, form: AssessmentForm) -> None:
        """Where the operator was, coming back; at the offline seals, sent there; else at the first field."""
        if not self.session.seals_wanted and self.session.left_at == REVIEW:
            form.query_one(f"#{REVIEW}").focus()
        else:
            form.field("offline" if self.session.seals_wanted else self.session.left_at or "region").control.focus()

    def move(self, to: Phase) -> None:
        """Go, and keep in mind where the focus was."""
        path = self.focused.ancestors_with_self if self.focused is not None else ()
        places = (node.id for node in path if node.has_class("field") or node.id == REVIEW)
        self.session.left_at = next(places, None) or ""
        super().move(to)

    def _account_changed(self) -> None:
        assert self._form is not None
        self._draw_trouble()
        self._form.refresh_account()
        if self._wanted and self._form.list_field("kms_key_id").dropped:
            # Who wished to go on meant to do so with that seal.
            self._wanted = False
            self._form.field("kms_key_id").control.focus()
        if self._wanted and self.session.account is not None and self.session.account.complete:
            self.action_review()

    def _draw_trouble(self) -> None:
        """The problem in place of the form, and the form again once it is gone."""
        from breakglass_tui.ui.widgets.assessment.problem_panel import ProblemPanel

        assert self._form is not None
        trouble = self.session.trouble
        self._form.display = trouble is None
        had_panel = bool(self.query(ProblemPanel))
        self.query(ProblemPanel).remove()
        if trouble is not None:
            self.query_one("#body").mount(ProblemPanel(trouble))
        elif had_panel:
            self._form.field("region").control.focus()

    def on_problem_panel_retry(self) -> None:
        """The panel's button does what ctrl+r does."""
        self.action_retry()

    def next_try(self) -> NextTry | None:
        """AWS is asked again, or what could not be read is read again; the draft stays."""
        if self.session.trouble is not None:
            return NextTry(ASKS_AGAIN, self.breakglass.reach_again)
        if self._form is None:
            return None
        from breakglass_tui.ui.listings import is_missing

        return NextTry(READS_AGAIN, self.breakglass.reach_again) if is_missing(self.session.account) else None

    # The form's own words

    def on_assessment_form_edited(self, event: AssessmentForm.Edited) -> None:
        """An edit withdraws the wish to go on; another Region has other keys."""
        self._wanted = False
        if event.name == "region":
            self.breakglass.read_keys(self.session.draft.region)
            self._account_changed()
            self._tell_identity()

    def on_assessment_form_finished(self) -> None:
        """Enter in the last field, or the button."""
        self.action_review()

    def action_review(self) -> None:
        """Check everything; go to the first bad field, or on to the summary."""
        from breakglass_tui.domain.problems import Problem

        form = self._form
        self._wanted = False
        if form is None or self.session.trouble is not None or not form.judge_all():
            return
        if self._still_reading():
            self._wanted = True
            form.tell_reading()
            self.breakglass.tell("The account is still being read. The review opens when it is there.")
            return
        try:
            errors = self.breakglass.review()
        except Problem as problem:
            form.say(f"✗ {problem}", bad=True)
            return
        form.complain(errors)
        if not errors:
            self.move(Phase.SUMMARY)

    def _still_reading(self) -> bool:
        from breakglass_tui.ui.listings import unread

        return self.session.caller is None or bool(unread(self.session.account, self.session.draft.region))

    def action_policy(self) -> None:
        """Show the document that will be copied."""
        from breakglass_tui.domain.account import AdminPolicy
        from breakglass_tui.ui.dialogs.document import DocumentDialog
        from breakglass_tui.ui.widgets.assessment.policy_line import document

        policy = self.session.account.admin_policy if self.session.account else None
        if isinstance(policy, AdminPolicy):
            self.put_over(DocumentDialog("AdministratorAccess", document(policy)))
        elif policy is not None:
            self.breakglass.tell(f"{policy} {said(READS_AGAIN)}", failed=True)
        else:
            self.breakglass.tell("AdministratorAccess has not been read yet.")

    def action_help(self) -> None:
        """Explain this screen; what is said of the fields around the focus comes first."""
        path = self.focused.ancestors if self.focused is not None else ()
        group = next((node.name for node in path if node.has_class("group")), None)
        here = [line for line in ABOUT.splitlines() if group and line.startswith(f"  {group}  ")]
        text = "\n".join(["Here", *here, "", ABOUT]) if here else ABOUT
        self.breakglass.explain(self.PHASE.title, text)

    def action_visit(self) -> None:
        """Pick any user of the account, and hold it against AWS."""
        if self.is_active:
            self.breakglass.show_users()
