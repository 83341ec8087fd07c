"""Phase 2, Summary: the exact plan, the preflight checks, and the confirmation before the first write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import OptionList, Static

from breakglass_tui.domain.acknowledgements import Acknowledgement, acknowledgements
from breakglass_tui.domain.events import CheckFinished, CheckStarted
from breakglass_tui.domain.text import show
from breakglass_tui.ui.dialogs.accept_risk import TEXTS, AcceptRiskDialog
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.flow import Phase, Session
from breakglass_tui.ui.next_try import CHECKS_AGAIN, NextTry
from breakglass_tui.ui.screens.phase_screen import PhaseScreen
from breakglass_tui.ui.shell.shell import QUIT
from breakglass_tui.ui.widgets.chrome.identity_bar import grouped
from breakglass_tui.ui.widgets.paragraphs import Paragraphs
from breakglass_tui.ui.widgets.reader import Reader
from breakglass_tui.ui.widgets.summary.custody import custody
from breakglass_tui.ui.widgets.summary.documents import diff_document, policy_document
from breakglass_tui.ui.widgets.summary.plan_list import PlanList
from breakglass_tui.ui.widgets.summary.preflight_panel import PreflightPanel, refusal, wants_again
from breakglass_tui.ui.widgets.summary.request_facts import request_facts
from breakglass_tui.ui.widgets.summary.step_detail import StepDetail

if TYPE_CHECKING:
    from breakglass_tui.domain.events import Event
    from breakglass_tui.engine.cloud import Setup
    from breakglass_tui.engine.plan import Plan, Step

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
  Nothing, until you press enter and choose Yes. The checks read AWS, encrypt a worthless test text with every seal (a \
passphrase takes some seconds), and write a test file into the directory of the envelopes.

  You accept two risks with words before the question: "only kms" if KMS is the only seal, and "no mfa" if the user \
gets no MFA device. Outside the demo you also type the last four digits of the account id.

Keys
  enter        create the user, asks for confirmation
  ↑ ↓ j k g G  choose a step, its details are below
  PgUp PgDn    scroll
  a            add or change the offline seals
  p            show the policy document
  c            show the plan as a shell script and as Terraform, to copy or save
  d            show the diff of the role's trust policy, if there is one
  r            run the preflight checks again
  esc          edit the settings, everything is kept
  ctrl+q       quit"""


class SummaryScreen(PhaseScreen):
    """The plan, the preflight checks, the configuration, and the confirmation."""

    PHASE = Phase.SUMMARY
    ABOUT = ABOUT
    AUTO_FOCUS = "#plan"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "create", "Create", id="create", tooltip="Create the user. Asks for confirmation."),
        Binding("p", "policy", "Policy", id="policy", tooltip="Show the inline policy of the user."),
        Binding("c", "commands", "Commands", id="commands", tooltip="Show the plan as a script and as Terraform."),
        # Six keys fit into the footer. The step that has a diff shows this one.
        Binding("d", "diff", "Diff", show=False, id="diff", tooltip="Show the change of the role's trust policy."),
        Binding("a", "seals", "Seals", show=False, id="seals", tooltip="Add or change the offline seals."),
        Binding("r", "again", "Recheck", show=False, id="preflight", tooltip="Run the preflight checks again."),
        Binding("escape", "back", "Edit", id="back", tooltip="Edit the settings. Everything is kept."),
        # The footer has no space for this key, and it is not the purpose of this screen.
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True, id="quit-summary", tooltip=QUIT),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._at_work: set[str] = set()

    @property
    def plan(self) -> Plan:
        """The plan under review."""
        assert self.session.plan is not None
        return self.session.plan

    @property
    def setup(self) -> Setup:
        """The setup that the plan was made from."""
        assert self.session.setup is not None
        return self.session.setup

    def compose_body(self) -> Iterable[Widget]:
        """Return the plan and the checks. The configuration is beside them, or below in a narrow terminal."""
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
                    Static("Configuration", classes="section-title", markup=False),
                    Paragraphs(request_facts(self.setup), id="facts"),
                    id="right",
                ),
                id="columns",
            ),
            id="review",
        )

    def on_mount(self) -> None:
        """Draw the screen, follow the preflight checks, and start them."""
        super().on_mount()
        self.breakglass.preflight_changed.subscribe(self, self._checked)
        self.breakglass.start_preflight()
        self._draw_preflight()

    def _checked(self, event: Event | None) -> None:
        """Follow the checks. One can take seconds, so what is running must be visible."""
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
            panel.draw(self.session, refused, TRYING if slow else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the diff only if there is one."""
        if action == "diff":
            return self._diffed() is not None
        return super().check_action(action, parameters)

    def _diffed(self) -> Step | None:
        chosen = self.query_one(PlanList).step if self.is_mounted else None
        if chosen is not None and chosen.change.diff:
            return chosen
        return next((step for step in self.plan.steps if step.change.diff), None)

    def action_policy(self) -> None:
        """Open the policy document."""
        self.put_over(DocumentDialog("The inline policy", policy_document(self.setup)))

    def action_diff(self) -> None:
        """Open the diff of the chosen step, or of the first that has one."""
        step = self._diffed()
        if step is not None:
            title = f"{show(step.title)}: what changes (+ added, - removed)"
            self.put_over(DocumentDialog(title, diff_document(step.change.diff)))

    def action_commands(self) -> None:
        """Open the plan as commands."""
        from breakglass_tui.ui.dialogs.commands import CommandsDialog

        self.put_over(CommandsDialog(self.setup, self.plan))

    def action_again(self) -> None:
        """Run the preflight checks again."""
        self.breakglass.start_preflight()
        self._draw_preflight()

    def next_try(self) -> NextTry | None:
        """Return a retry if a preflight check failed or could not be made."""
        return NextTry(CHECKS_AGAIN, self.action_again) if wants_again(self.session) else None

    def action_create(self) -> None:
        """Ask for confirmation to start the run. Refuse while a check is running, or if one failed."""
        refused = refusal(self.session)
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
        """Ask the operator to avoid or accept each of ``risks``, then to confirm the run."""
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
        account = " ".join(filter(None, (grouped(caller.account_id), show(caller.alias))))
        where = f"the DEMO account {account}" if self.session.demo else f"account {account}"
        steps = len(self.plan.steps)
        text = (
            f"{steps} step{'s' if steps > 1 else ''} will write to {where}, as {show(caller.principal)}.\n"
            "If one fails, everything is rolled back."
        )
        digits = "" if self.session.demo else caller.account_id[-DIGITS:]
        prompt = "Last four digits of the account id"
        return ConfirmDialog(f"Create {user}?", text, must_type=digits, prompt=prompt)

    def _confirmed(self, yes: bool | None) -> None:
        if yes and self.breakglass.start_run():
            # The run has its own copy, and the form cannot be opened again.
            self.session.draft.forget_passphrase()
            self.move(Phase.CONFIGURATION)
