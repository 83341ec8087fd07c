"""The step ``login-profile``: a console password, sealed before AWS hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.account_policies import read_password_policy
from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import appears, wait_until_consistent
from breakglass_tui.aws.error_classes import EXISTS, outcome_unknown
from breakglass_tui.aws.steps.base import NOT_YET, OWNERSHIP, AwsStep, kept_in
from breakglass_tui.aws.steps.idempotent_writes import may_exist, not_visible, removed
from breakglass_tui.aws.steps.removal_commands import iam, leaving
from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.password import generate_password
from breakglass_tui.secrets.secret import Secret

PASSWORD = "password"  # noqa: S105 - the name of the envelope's contents
LABEL = "Console password"
CREATE = "iam:CreateLoginProfile"
FOREIGN = "login-profile"
"""How another's login profile is remembered."""
FOREIGN_CODE = "ForeignLoginProfile"


@dataclass(frozen=True)
class LoginProfileStep(AwsStep):
    """The password is made here, so a lost answer costs nothing: it is sealed already."""

    id = "login-profile"
    title = "Console sign-in"
    undo_actions = (*OWNERSHIP, "iam:GetLoginProfile", "iam:DeleteLoginProfile")

    @property
    def actions(self) -> tuple[str, ...]:
        """With those of sealing."""
        own = ("CreateLoginProfile", "GetLoginProfile", "GetAccountPasswordPolicy", "DeleteLoginProfile")
        return (*(f"iam:{name}" for name in own), *OWNERSHIP, *self.kms_actions)

    @property
    def change(self) -> Change:
        """One login profile."""
        reset = (
            "to be changed at the first sign-in" if self.setup.request.password_reset_required else "that stays valid"
        )
        return Change("new", f"console sign-in with a generated password {reset}")

    def apply(self, context: StepContext) -> StepOutcome:
        """Generate, seal, create; a password that a changed policy refuses is made anew once."""
        api, policy = self.api(context), self.setup.account.password_policy
        self.require_mine(api)
        if context.resumed:
            if context.run_log.stored(self.id):
                return self._stored(api)
            self._clear(api, patient=may_exist(context, CREATE))
        password, envelopes = self._sealed(api, policy)
        try:
            self._create(api, password)
        except Problem as problem:
            if problem.code != "PasswordPolicyViolation":
                raise
            context.note("the password policy has changed: making another password")
            password, envelopes = self._sealed(api, read_password_policy(api))
            self._create(api, password)
        if not wait_until_consistent(context, lambda: self._found(api) is not None, good=1):
            raise not_visible("The login profile")
        if not envelopes:
            self.ask_to_store(context, LABEL, password, roll_back=lambda: self._remove(api))
        return self._outcome(envelopes)

    def undo(self, context: StepContext) -> None:
        """Remove the login profile of our user, then the envelopes of its password."""
        api = self.api(context)
        command = iam("delete-login-profile", user_name=self.user_name)
        try:
            with leaving(f"The console password of {show(self.user_name)}", command):
                if self.still_there(api):
                    self._clear(api, patient=context.run_log.unanswered(CREATE) > 0)
        except Problem as problem:
            if problem.code == FOREIGN_CODE:
                self.discard(context, PASSWORD)
            raise
        self.discard(context, PASSWORD)

    def find(self, context: StepContext) -> ObservedState:
        """The login profile; nobody can read back whose password it has."""
        api = self.api(context)
        return self.find_on_user(
            api, lambda: ObservedState(Observation.THERE if self._found(api) else Observation.ABSENT)
        )

    def _outcome(self, envelopes: tuple[EnvelopeInfo, ...]) -> StepOutcome:
        reset = ", reset at first sign-in" if self.setup.request.password_reset_required else ""
        return StepOutcome(f"password {kept_in(envelopes)}{reset}", envelopes=envelopes)

    def _stored(self, api: Api) -> StepOutcome:
        """The profile whose password the operator has stored in an earlier process; it is never replaced."""
        if not appears(api.context, lambda: self._found(api)):
            raise _deleted(self.user_name)
        return self._outcome(())

    def _clear(self, api: Api, *, patient: bool) -> None:
        """Remove the login profile that this run made or may have made; raises ``Problem`` for another's.

        ``patient`` does not believe one read that finds none.
        """
        context = api.context
        found = appears(context, lambda: self._found(api)) if patient else self._found(api)
        if found is None:
            return
        if FOREIGN in context.run_log.unmanaged or not may_exist(context, CREATE):
            context.unmanaged(FOREIGN)
            raise _unmanaged(self.user_name)
        lost = context.run_log.unanswered(CREATE)
        self._remove(api)
        if lost:
            context.settled(CREATE, "made; removed again")

    def _sealed(self, api: Api, policy: PasswordPolicy | Problem | None) -> tuple[Secret, tuple[EnvelopeInfo, ...]]:
        rules = policy if isinstance(policy, PasswordPolicy) else PasswordPolicy()
        password = generate_password(rules, self.user_name, self.setup.account.caller.account_id)
        self.setup.vault.put(PASSWORD, password)
        return password, self.seal(api, PASSWORD, {"password": password})

    def _create(self, api: Api, password: Secret) -> None:
        """Create it. A user has one profile, so after a lost answer and a look it may be sent again."""
        try:
            self._create_once(api, password)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.context.note("the answer was lost: looking whether the login profile was made")
            if appears(api.context, lambda: self._found(api)) is None:
                self._create_once(api, password)
            else:
                api.context.settled(CREATE, "carried out")

    def _create_once(self, api: Api, password: Secret) -> None:
        try:
            api.made(
                CREATE,
                "LoginProfile",
                patience=NOT_YET,
                UserName=self.user_name,
                Password=password.reveal(),
                PasswordResetRequired=self.setup.request.password_reset_required,
            )
        except Problem as problem:
            if problem.code not in EXISTS:
                raise
            if not api.context.run_log.unanswered(CREATE):
                api.context.unmanaged(FOREIGN)
                raise _unmanaged(self.user_name) from None
            # The request whose answer was lost has landed late, with this very password.
            api.context.settled(CREATE, "carried out")

    def _remove(self, api: Api) -> None:
        removed(
            api.context,
            "The removal",
            lambda: api.remove("iam:DeleteLoginProfile", UserName=self.user_name),
            lambda: self._found(api) is not None,
        )

    def _found(self, api: Api) -> dict[str, Any] | None:
        return api.found("iam:GetLoginProfile", UserName=self.user_name)


def _unmanaged(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has a console password that this run did not make.",
        why="Somebody else is working on this user right now; it was not touched.",
        next="Find out who, in CloudTrail under CreateLoginProfile; then begin anew with another user name.",
        kind=Kind.REFUSED,
        code=FOREIGN_CODE,
    )


def _deleted(user_name: str) -> Problem:
    return Problem(
        f"The console password of {show(user_name)} is not there any more.",
        why="It was stored, and somebody has removed the login profile since.",
        next="Find out who, in CloudTrail under DeleteLoginProfile; then begin anew.",
        kind=Kind.MISSING,
        code="LoginProfileDeleted",
    )
