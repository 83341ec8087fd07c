"""The step ``login-profile``: a console password, which is sealed before it is sent to AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.account_policies import read_password_policy
from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import wait_for, wait_until_consistent
from breakglass_tui.aws.error_classes import EXISTS, outcome_unknown
from breakglass_tui.aws.parallel_reads import read_meanwhile
from breakglass_tui.aws.steps.base import AwsStep, describe_storage
from breakglass_tui.aws.steps.idempotent_writes import may_exist, not_visible_problem, remove_and_confirm
from breakglass_tui.aws.steps.own_user import LAG_S, NOT_VISIBLE_YET, OWNERSHIP_READS
from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.password import generate_password
from breakglass_tui.secrets.secret import Secret

PASSWORD = "password"  # noqa: S105 - the name of the envelope's contents
LABEL = "Console password"
CREATE = "iam:CreateLoginProfile"
UNMANAGED = "login-profile"
"""The name under which a login profile that this run did not create is recorded."""
UNMANAGED_CODE = "ForeignLoginProfile"


@dataclass(frozen=True)
class LoginProfileStep(AwsStep):
    """The step that calls CreateLoginProfile.

    It generates and seals the password first, so that a lost answer does not lose the password.
    """

    id = "login-profile"
    title = "Console sign-in"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions of ``apply`` and of its seals, with their resources."""
        return (
            *self.scope.user(CREATE, "iam:GetLoginProfile"),
            *self.scope.account_wide("iam:GetAccountPasswordPolicy"),
            *self.scope.user("iam:DeleteLoginProfile", *OWNERSHIP_READS),
            *self.seal_permissions,
        )

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions of ``undo``, with their resources."""
        return tuple(self.scope.user(*OWNERSHIP_READS, "iam:GetLoginProfile", "iam:DeleteLoginProfile"))

    @property
    def change(self) -> Change:
        """The change that the plan shows for this step: a new login profile."""
        reset = (
            "that must be changed at the first sign-in"
            if self.setup.request.password_reset_required
            else "that does not have to be changed"
        )
        return Change("new", f"console sign-in with a generated password {reset}")

    def apply(self, context: StepContext) -> StepOutcome:
        """Generate a password, seal it and create the login profile. Raises ``Problem``.

        If AWS refuses the password because the password policy has changed, another one is generated, once.
        """
        api, policy = self.api(context), self.setup.account.password_policy
        if context.resumed:
            self.require_own_user(api)
            if context.run_log.secret_stored(self.id):
                return self._stored(api)
            self._clear(api, retry=may_exist(context, CREATE))
        with read_meanwhile(api, self.require_own_user) as own_user:
            password, envelopes = self._sealed(api, policy)
        own_user.result()
        try:
            self._create(api, password)
        except Problem as problem:
            if problem.code != "PasswordPolicyViolation":
                raise
            context.note("the password policy has changed: generating another password")
            password, envelopes = self._sealed(api, read_password_policy(api))
            self._create(api, password)
        if not wait_until_consistent(context, lambda: self.is_applied(api, self._found(api)), good_reads=1):
            raise not_visible_problem("The login profile")
        if not envelopes:
            self.ask_to_store(context, LABEL, password, roll_back=lambda: self._remove(api))
        return self._outcome(envelopes)

    def undo(self, context: StepContext) -> None:
        """Delete the login profile that this run created, then the envelopes of its password.

        Raises ``Problem`` if this run did not create the login profile. The envelopes are deleted then too, because
        their password does not work.
        """
        api = self.api(context)
        try:
            with self.suggest_removal(context, f"The console password of {show(self.user_name)}"):
                if self.wait_for_own_user(api):
                    self._clear(api, retry=context.run_log.unanswered(CREATE) > 0)
        except Problem as problem:
            if problem.code == UNMANAGED_CODE:
                self.remove_envelopes(context, PASSWORD)
            raise
        self.remove_envelopes(context, PASSWORD)

    def removal_commands(self, context: StepContext) -> tuple[str, ...]:  # noqa: ARG002 - as of the base class
        """Return the shell command that deletes the login profile."""
        return (self.iam_command("delete-login-profile", user_name=self.user_name),)

    def find(self, context: StepContext) -> ObservedState:
        """Return whether the user has a login profile. IAM does not show who set its password."""
        api = self.api(context)
        return self.observe_on_own_user(
            api, lambda: ObservedState(Observation.THERE if self._found(api) else Observation.ABSENT)
        )

    def _outcome(self, envelopes: tuple[EnvelopeInfo, ...]) -> StepOutcome:
        reset = ", reset at first sign-in" if self.setup.request.password_reset_required else ""
        return StepOutcome(f"password {describe_storage(envelopes)}{reset}", envelopes=envelopes)

    def _stored(self, api: Api) -> StepOutcome:
        """Return the outcome for a password that the operator stored during an earlier process.

        That password is never replaced. Raises ``Problem`` if the login profile no longer exists.
        """
        if not wait_for(api.context, lambda: self._found(api)):
            raise _deleted(self.user_name)
        return self._outcome(())

    def _clear(self, api: Api, *, retry: bool) -> None:
        """Delete the login profile that this run created or may have created.

        With ``retry``, a read that finds none is repeated. Raises ``Problem`` if this run did not create the login
        profile.
        """
        context = api.context
        found = wait_for(context, lambda: self._found(api)) if retry else self._found(api)
        if found is None:
            return
        if UNMANAGED in context.run_log.unmanaged or not may_exist(context, CREATE):
            context.unmanaged_found(UNMANAGED)
            raise _unmanaged(self.user_name)
        lost = context.run_log.unanswered(CREATE)
        self._remove(api)
        if lost:
            context.call_settled(CREATE, "applied, then deleted")

    def _sealed(self, api: Api, policy: PasswordPolicy | Problem | None) -> tuple[Secret, tuple[EnvelopeInfo, ...]]:
        rules = policy if isinstance(policy, PasswordPolicy) else PasswordPolicy()
        password = generate_password(rules, self.user_name, self.setup.account.caller.account_id)
        self.setup.vault.put(PASSWORD, password)
        return password, self.seal(api, PASSWORD, {"password": password})

    def _create(self, api: Api, password: Secret) -> None:
        """Create the login profile. Raises ``Problem``.

        After a lost answer AWS is read first. The request may then be repeated, because a user has only one login
        profile.
        """
        try:
            self._create_once(api, password)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.context.note("the answer was lost: checking whether the login profile was created")
            if wait_for(api.context, lambda: self._found(api)) is None:
                self._create_once(api, password)
            else:
                api.context.call_settled(CREATE, "applied")

    def _create_once(self, api: Api, password: Secret) -> None:
        try:
            self.call_on_own_user(
                api,
                lambda: api.call_part(
                    CREATE,
                    "LoginProfile",
                    retry_on=NOT_VISIBLE_YET,
                    retry_for_s=LAG_S,
                    UserName=self.user_name,
                    Password=password.reveal(),
                    PasswordResetRequired=self.setup.request.password_reset_required,
                ),
            )
        except Problem as problem:
            if problem.code not in EXISTS:
                raise
            if not api.context.run_log.unanswered(CREATE):
                api.context.unmanaged_found(UNMANAGED)
                raise _unmanaged(self.user_name) from None
            # The request whose answer was lost arrived late, with the same password.
            api.context.call_settled(CREATE, "applied")

    def _remove(self, api: Api) -> None:
        remove_and_confirm(
            api.context,
            "The removal",
            lambda: api.remove("iam:DeleteLoginProfile", UserName=self.user_name),
            lambda: self._found(api) is not None,
        )

    def _found(self, api: Api) -> dict[str, Any] | None:
        return api.find("iam:GetLoginProfile", UserName=self.user_name)


def _unmanaged(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has a console password that this run did not create.",
        why="Another admin or program changes this user at the same time. This run did not change the password.",
        next="Find out who created it (CloudTrail event CreateLoginProfile). Then start again with another user name.",
        kind=Kind.REFUSED,
        code=UNMANAGED_CODE,
    )


def _deleted(user_name: str) -> Problem:
    return Problem(
        f"The console password of {show(user_name)} no longer exists.",
        why="The login profile was deleted after its password was stored.",
        next="Find out who deleted it (CloudTrail event DeleteLoginProfile). Then start again.",
        kind=Kind.MISSING,
        code="LoginProfileDeleted",
    )
