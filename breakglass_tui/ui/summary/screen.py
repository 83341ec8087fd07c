"""SummaryScreen: phase 2, the plan, the preflight checks, and the confirmation before the first write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Literal

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import OptionList, Static

from breakglass_tui.domain.acknowledgements import Acknowledgement, acknowledgements
from breakglass_tui.domain.events import CheckFinished, CheckStarted, Event
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan, Step
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.shell.screen_commands import QUIT
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.summary.accept_risk_dialog import TEXTS, AcceptRiskDialog
from breakglass_tui.ui.summary.commands_dialog import IAM_POLICY, CommandsDialog
from breakglass_tui.ui.summary.custody import custody
from breakglass_tui.ui.summary.documents import diff_document, policy_document
from breakglass_tui.ui.summary.plan_list import PlanList
from breakglass_tui.ui.summary.preflight import PreflightController
from breakglass_tui.ui.summary.preflight_panel import PreflightPanel, refusal, wants_again
from breakglass_tui.ui.summary.request_facts import request_facts
from breakglass_tui.ui.summary.step_detail import StepDetail
from breakglass_tui.ui.widgets.identity_bar import account_words
from breakglass_tui.ui.widgets.next_try import CHECKS_AGAIN, NextTry
from breakglass_tui.ui.widgets.paragraphs import Paragraphs
from breakglass_tui.ui.widgets.phase_screen import PhaseScreen
from breakglass_tui.ui.widgets.reader import Reader

DIGITS = 4
SEALING = "seal-works"
TRYING = "passphrase…"
ABOUT = """\
What it does
  Shows every step of the plan in the order of the run: what it creates, the IAM actions it calls, and the actions \
that undo it. A bracket joins steps that run in parallel. The steps that grant permissions run last.

  The preflight checks test before the first write whether the plan can succeed. "Who can open what" lists the ways to \
open each envelope. Each way works alone. If KMS is the only way, you cannot open the envelopes while AWS is \
unavailable.

What it will change
  Nothing, until you press enter and then y (Create). The checks read AWS, encrypt a worthless test text with every \
seal (a passphrase takes some seconds), and write a test file into the directory of the envelopes.

  Two risks need typed words before you confirm: "only kms" if KMS is the only seal, and "no mfa" if the user \
gets no MFA device. Outside the demo you also type the last four digits of the account id.

Keys
  enter        create the user, asks for confirmation
  ↑ ↓ j k g G  choose a step, its details are below
  PgUp PgDn    scroll
  a            add or change the offline seals
  p            show the policy document
  c            show the plan as a shell script and as Terraform, to copy or save
  i            show the IAM policy that you need for this plan, to copy or save
  d            show the diff of the role's trust policy, if there is one
  r            run the preflight checks again
  esc          edit the settings, everything is kept
  ctrl+q       quit"""


class SummaryScreen(PhaseScreen):
    """The screen with the plan, the preflight checks, who can open what, and the configuration."""

    PHASE = Phase.SUMMARY
    ABOUT = ABOUT
    AUTO_FOCUS = "#plan"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "create", "Create", id="create", tooltip="Create the user. Asks for confirmation."),
        Binding("p", "policy", "Policy", id="policy", tooltip="Show the inline policy of the user."),
        Binding("c", "commands", "Commands", id="commands", tooltip="Show the plan as a script and as Terraform."),
        Binding(
            "i", "permissions", "IAM policy", show=False, id="permissions", tooltip="Show the IAM policy you need."
        ),
        # The footer has room for six keys. The details of a step with a diff show this key.
        Binding("d", "diff", "Diff", show=False, id="diff", tooltip="Show the change of the role's trust policy."),
        Binding("a", "seals", "Seals", show=False, id="seals", tooltip="Add or change the offline seals."),
        Binding("r", "again", "Recheck", show=False, id="preflight", tooltip="Run the preflight checks again."),
        Binding("escape", "back", "Edit", id="back", tooltip="Edit the settings. Everything is kept."),
        # The footer has no room for this key.
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, id="quit-summary", tooltip=QUIT),
    ]

    def __init__(self, session: Session, preflight: PreflightController, start_run: Callable[[], bool]) -> None:
        super().__init__(session)
        self._preflight, self._start_run = preflight, start_run
        self._at_work: set[str] = set()

    @property
    def plan(self) -> Plan:
        """The plan that the operator reviews."""
        assert self.session.run.plan is not None
        return self.session.run.plan

    @property
    def setup(self) -> Setup:
        """The request and the account that the plan was made from."""
        assert self.session.run.setup is not None
        return self.session.run.setup

    def compose_body(self) -> Iterable[Widget]:
        """Yield the plan with the preflight checks, and the configuration beside or below it."""
        steps = len(self.plan.steps)
        count = f"The plan has {steps} step{'s' if steps > 1 else ''}:"
        yield Reader(
            Container(
                Vertical(
                    Static(f"Nothing has been written yet. {count}", id="headline", markup=False),
                    PlanList(self.plan),
                    StepDetail(id="step"),
                    PreflightPanel(id="preflight"),
                    id="left",
                ),
                Vertical(
                    Static("Who can open what", classes="section-title", markup=False),
                    Paragraphs(custody(self.setup.request), id="custody"),
                    Static("Settings", classes="section-title", markup=False),
                    Paragraphs(request_facts(self.setup), id="facts"),
                    id="right",
                ),
                id="columns",
            ),
            id="review",
        )

    def on_mount(self) -> None:
        """Draw the screen, and start the preflight checks."""
        self._preflight.changed.subscribe(self, self._checked)
        self._preflight.start()
        self._draw_preflight()

    def _checked(self, event: Event | None) -> None:
        """Draw the preflight checks after ``event``, and remember which checks are running.

        A check can take seconds, so the screen shows what is running.
        """
        if isinstance(event, CheckStarted):
            self._at_work.add(event.check)
        elif isinstance(event, CheckFinished):
            self._at_work.discard(event.result.id)
        self._draw_preflight()

    @on(OptionList.OptionHighlighted, "#plan")
    def _step_chosen(self) -> None:
        step = self.query_one(PlanList).step
        if step is not None:
            self.query_one(StepDetail).draw(step)

    def _draw_preflight(self, refused: str = "") -> None:
        for panel in self.query(PreflightPanel):  # none, if the app is ending
            slow = self.setup.request.seal_passphrase and self._at_work == {SEALING}
            panel.draw(self.session.run, refused, TRYING if slow else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable the action ``diff`` only if a step changes an existing document."""
        if action == "diff":
            return self._diffed() is not None
        return super().check_action(action, parameters)

    def _diffed(self) -> Step | None:
        chosen = self.query_one(PlanList).step if self.is_mounted else None
        if chosen is not None and chosen.change.diff:
            return chosen
        return next((step for step in self.plan.steps if step.change.diff), None)

    def action_policy(self) -> None:
        """Show the document of the inline policy."""
        self.put_over(DocumentDialog("The inline policy", policy_document(self.setup)))

    def action_diff(self) -> None:
        """Show the diff of the selected step. If it has none, show the diff of the first step that has one."""
        step = self._diffed()
        if step is not None:
            title = f"{show(step.title)}: what changes (+ added, - removed)"
            self.put_over(DocumentDialog(title, diff_document(step.change.diff)))

    def action_commands(self) -> None:
        """Show the plan as a shell script and as Terraform."""
        self.put_over(CommandsDialog(self.setup, self.plan))

    def action_permissions(self) -> None:
        """Show the IAM policy that the caller needs for this plan."""
        self.put_over(CommandsDialog(self.setup, self.plan, IAM_POLICY))

    def action_again(self) -> None:
        """Run the preflight checks again."""
        self._preflight.start()
        self._draw_preflight()

    def next_try(self) -> NextTry | None:
        """Return the retry that runs the preflight checks again, or None if all of them passed."""
        return NextTry(CHECKS_AGAIN, self.action_again) if wants_again(self.session.run) else None

    def action_create(self) -> None:
        """Ask the operator to accept the risks and to confirm, then start the run.

        While a preflight check is running or after one failed, say so instead.
        """
        refused = refusal(self.session.run)
        if refused:
            self._draw_preflight(refused)
            self.breakglass.tell(refused, failed=True)
            return
        self._accept(acknowledgements(self.setup.request))

    def action_seals(self) -> None:
        """Go back to the Assessment and open the dialog of the offline seals."""
        self._edit("offline")

    def _edit(self, field: Literal["offline", "mfa"]) -> None:
        self.session.wanted = field
        self.move(Phase.ASSESSMENT)

    def _accept(self, risks: Sequence[Acknowledgement]) -> None:
        """Open a dialog for each of ``risks``, then ask for confirmation to start the run.

        If the operator chooses to avoid a risk, go back to the field that avoids it.
        """
        if not risks:
            self._ask()
            return
        first, *others = risks

        def answered(answer: Literal["avoid", "accepted"] | None) -> None:
            if answer == "accepted":
                self._accept(others)
            elif answer == "avoid":
                self._edit(TEXTS[first].field)

        self.put_over(AcceptRiskDialog(first), answered)

    def _ask(self) -> None:
        self.app.push_screen(self._confirmation(), self._confirmed)

    def _confirmation(self) -> ConfirmDialog:
        caller, user = self.setup.account.caller, show(self.setup.request.user_name)
        where = account_words(caller.account_id, caller.alias, self.session.connection.place)
        steps = len(self.plan.steps)
        text = (
            f"{steps} step{'s' if steps > 1 else ''} will write to {where}, as {show(caller.principal)}.\n"
            "If one fails, everything is rolled back."
        )
        digits = "" if self.session.connection.demo else caller.account_id[-DIGITS:]
        prompt = "Last four digits of the account id"
        return ConfirmDialog(f"Create {user}?", text, yes="Create", must_type=digits, prompt=prompt)

    def _confirmed(self, yes: bool | None) -> None:
        if yes and self._start_run():
            # The run has its own copy of the passphrase, and the form cannot be opened again.
            self.session.draft.forget_passphrase()
            self.move(Phase.CONFIGURATION)
