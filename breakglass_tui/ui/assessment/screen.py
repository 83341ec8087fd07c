"""AssessmentScreen: phase 1, the settings of the new user.

The first paint is one line of text. The form is loaded and mounted after that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.assessment.account import AccountController
from breakglass_tui.ui.assessment.listings import is_missing, unread
from breakglass_tui.ui.assessment.policy_line import document
from breakglass_tui.ui.assessment.problem_panel import ProblemPanel
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.next_try import ASKS_AGAIN, READS_AGAIN, NextTry, said
from breakglass_tui.ui.widgets.phase_screen import PhaseScreen

if TYPE_CHECKING:
    from breakglass_tui.ui.assessment.form import AssessmentForm

ABOUT = """\
What it does
  Here you choose the settings of the new user. The preview shows what will be created.

What it will change
  Nothing. This screen only reads the account.

Keys
  tab, ↑ ↓   next or previous field
  ← →        choose a value
  enter      next field, or open a list
  letters    open a list and search it
  PgUp PgDn  scroll
  ctrl+n     check all fields and open the Summary
  f2         show the policy that the user will get
  f3         validate any user of the account (read-only)
  ctrl+r     after a problem: read the account again
  esc        back to the start, your input is kept
  ctrl+p     all commands, including unfinished runs
  ctrl+q     quit

The fields
  Where       IAM is global. The Region is used for the KMS key, for STS and for the sign-in page.
  Who         The user name. A blank field means a generated name. The path and the tags help to find the user later.
  How         Console: a generated password. Programmatic: an access key. MFA: an authenticator app that you enrol, or \
a device that this program enrols and whose seed it seals (this needs a seal). Require: deny everything without MFA.
  Protect     Each secret is encrypted into files, one for each way to open it. A secret without a seal is shown only \
on the screen, until you confirm that you stored it. A KMS key cannot decrypt while AWS is unavailable, so add an \
offline seal, which needs no AWS. Offline seals are age recipients (public keys of custodians) and a passphrase. You \
can require several custodians to act together, and choose other custodians for the MFA seed.
  Belongs to  The groups of the user, and a role that the user may assume. One statement is added to the role's trust \
policy.
  Policy      A copy of the current AWS managed policy AdministratorAccess, as an inline policy of this user. With \
Require, it also denies everything without MFA."""
REVIEW = "review"


class AssessmentScreen(PhaseScreen):
    """The screen with the form and its preview, or with the problem if the account cannot be read."""

    PHASE = Phase.ASSESSMENT
    ABOUT = ABOUT
    AUTO_FOCUS = None
    BINDINGS = [
        Binding("escape", "back", "Back", id="back", show=False, tooltip="Go back to the start. Your input is kept."),
        Binding("ctrl+n", "review", "Review", id="review", tooltip="Check all fields and open the Summary."),
        Binding("f2", "policy", "Policy", id="policy", tooltip="Show the inline policy that the user will get."),
        Binding("f3", "visit", "Validate", id="visit", show=False, tooltip="Validate any user (read-only)."),
    ]
    _form: AssessmentForm | None = None
    _wanted = False

    def __init__(self, session: Session, accounts: AccountController, show_users: Callable[[], object]) -> None:
        super().__init__(session)
        self._accounts, self._show_users = accounts, show_users

    def compose_body(self) -> Iterable[Widget]:
        """Yield one line of text. The form follows after the first paint."""
        yield Static("◌ Reading the account…", id="opening", markup=False)

    def on_mount(self) -> None:
        """Load the form after the first paint."""
        self.call_after_refresh(self._open)

    async def _open(self) -> None:
        from breakglass_tui.ui.assessment.form import AssessmentForm

        self.breakglass.load_styles()
        form, body = AssessmentForm(self.session), self.query_one("#body")
        if body.is_attached:
            await body.mount(form)
        if not form.query("#region"):
            return  # the app ends before there is a form
        await self.query_one("#opening").remove()
        self._form = form
        self.breakglass.account_changed.subscribe(self, lambda _: self._account_changed())
        self._account_changed()  # the account may have been read while the form was mounted
        if self.focused is None:
            self._focus(form)
        if self.session.wanted == "offline":
            form.open_seals()
        self.session.wanted = ""

    def _focus(self, form: AssessmentForm) -> None:
        """Focus the field that another screen asked for, else the one that had the focus before, else the first."""
        if not self.session.wanted and self.session.left_at == REVIEW:
            form.query_one(f"#{REVIEW}").focus()
        else:
            form.field(self.session.wanted or self.session.left_at or "region").control.focus()

    def move(self, to: Phase) -> None:
        """Go to another phase. Store which field has the focus, to focus it again later."""
        path = self.focused.ancestors_with_self if self.focused is not None else ()
        places = (node.id for node in path if node.has_class("field") or node.id == REVIEW)
        self.session.left_at = next(places, None) or ""
        super().move(to)

    def _account_changed(self) -> None:
        assert self._form is not None
        self._draw_trouble()
        self._form.refresh_account()
        if self._wanted and self._form.list_field("kms_key_id").dropped:
            # The deselected key was part of the input that was to be reviewed. The operator must decide again.
            self._wanted = False
            self._form.field("kms_key_id").control.focus()
        if self._wanted and self.session.connection.account is not None and self.session.connection.account.complete:
            self.action_review()

    def _draw_trouble(self) -> None:
        """Show the problem in place of the form while there is one, else the form."""
        assert self._form is not None
        trouble = self.session.connection.trouble
        self._form.display = trouble is None
        had_panel = bool(self.query(ProblemPanel))
        self.query(ProblemPanel).remove()
        if trouble is not None:
            self.query_one("#body").mount(ProblemPanel(trouble))
        elif had_panel:
            self._form.field("region").control.focus()

    def on_problem_panel_retry(self) -> None:
        """Read the account again. The button of the problem's panel does the same as ctrl+r."""
        self.action_retry()

    def next_try(self) -> NextTry | None:
        """Return the retry that reads the account again, or None if all of it could be read. The draft is kept."""
        if self.session.connection.trouble is not None:
            return NextTry(ASKS_AGAIN, self._accounts.reach_again)
        if self._form is None:
            return None

        return NextTry(READS_AGAIN, self._accounts.reach_again) if is_missing(self.session.connection.account) else None

    # Events of the form

    def on_assessment_form_edited(self, event: AssessmentForm.Edited) -> None:
        """Cancel the move to the Summary if it waits for the account. If the Region changed, read its KMS keys."""
        self._wanted = False
        if event.name == "region":
            self._accounts.read_keys(self.session.draft.region)
            self._account_changed()
            self._show_identity()

    def on_assessment_form_finished(self) -> None:
        """Review the form, because the operator pressed enter in its last field or pressed its button."""
        self.action_review()

    def action_review(self) -> None:
        """Validate all fields and open the Summary. If one is invalid, show the errors and focus the first.

        If the account is still being read, the Summary opens when that is done.
        """
        from breakglass_tui.ui.assessment.review import review

        form = self._form
        self._wanted = False
        if form is None or self.session.connection.trouble is not None or not form.judge_all():
            return
        if self._still_reading():
            self._wanted = True
            form.show_reading()
            self.breakglass.tell("The account is still being read. The Summary opens when it is complete.")
            return
        try:
            errors = review(self.session)
        except Problem as problem:
            form.say(f"✗ {problem}", bad=True)
            return
        form.complain(errors)
        if not errors:
            self.move(Phase.SUMMARY)

    def _still_reading(self) -> bool:

        return self.session.connection.caller is None or bool(
            unread(self.session.connection.account, self.session.draft.region)
        )

    def action_policy(self) -> None:
        """Show the inline policy that the user would get with the current draft."""
        policy = self.session.connection.account.admin_policy if self.session.connection.account else None
        if isinstance(policy, AdminPolicy):
            self.put_over(DocumentDialog("Inline policy", document(policy, require_mfa=self.session.draft.guarded)))
        elif policy is not None:
            self.breakglass.tell(f"{policy} {said(READS_AGAIN)}", failed=True)
        else:
            self.breakglass.tell("AdministratorAccess has not been read yet.")

    def action_help(self) -> None:
        """Open the help. It starts with the part about the group of fields that has the focus."""
        path = self.focused.ancestors if self.focused is not None else ()
        group = next((node.name for node in path if node.has_class("group")), None)
        here = [line for line in ABOUT.splitlines() if group and line.startswith(f"  {group}  ")]
        text = "\n".join(["Here", *here, "", ABOUT]) if here else ABOUT
        self.breakglass.explain(self.PHASE.title, text)

    def action_visit(self) -> None:
        """Open the list of all users of the account, to validate one of them."""
        if self.is_active:
            self._show_users()
