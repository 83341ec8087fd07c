"""The step ``access-key``: one access key, whose secret is sealed or stored before the step is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import wait_for, wait_until_consistent
from breakglass_tui.aws.error_classes import ABSENT, outcome_unknown
from breakglass_tui.aws.steps.base import AwsStep, describe_storage
from breakglass_tui.aws.steps.idempotent_writes import not_visible_problem, remove_and_confirm
from breakglass_tui.aws.steps.own_user import LAG_S, NOT_VISIBLE_YET, OWN_WITHIN, OWNERSHIP_READS
from breakglass_tui.aws.steps.removal_commands import suggest_removal
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret

CREATE = "iam:CreateAccessKey"
FACT = "access_key_id"
"""The name of the recorded fact that has the id of the key."""
ACCESS_KEY = "access-key"
LABEL = "Secret access key"


@dataclass(frozen=True)
class AccessKeyStep(AwsStep):
    """The step that calls CreateAccessKey, which has no idempotency token.

    A repeated request would create a second key, and the secret of the first would be lost.
    """

    id = "access-key"
    title = "Access key"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions of ``apply`` and of its seals, with their resources."""
        return (
            *self.scope.user(CREATE, "iam:ListAccessKeys", "iam:DeleteAccessKey", *OWNERSHIP_READS),
            *self.seal_permissions,
        )

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions of ``undo``, with their resources."""
        return tuple(self.scope.user(*OWNERSHIP_READS, "iam:ListAccessKeys", "iam:DeleteAccessKey"))

    @property
    def change(self) -> Change:
        """The change that the plan shows for this step: a new access key."""
        return Change("new", "one active access key")

    def apply(self, context: StepContext) -> StepOutcome:
        """Create the key, seal its secret, and check that it is the user's only key. Raises ``Problem``."""
        api = self.api(context)
        self.require_own_user(api)
        if context.resumed:
            if context.run_log.secret_stored(self.id):
                return self._stored(api)
            self._clear(api)
        key = self._create(api)
        key_id, secret = str(key["AccessKeyId"]), Secret(str(key["SecretAccessKey"]))
        self.setup.vault.put(ACCESS_KEY, secret)
        envelopes = self._seal(api, key_id, secret)
        if not wait_until_consistent(context, lambda: self._only(api, key_id), good_reads=1):
            raise not_visible_problem("The access key")
        if context.run_log.unanswered(CREATE):
            context.note("a request whose answer was lost may still create a key: waiting to delete it")
            self._delete_orphans(api, wait_for(context, lambda: self._ids(api) - {key_id}) or set())
        if not envelopes:
            public = ("Access key id", key_id)
            self.ask_to_store(context, LABEL, secret, public, roll_back=lambda: self._delete(api, key_id))
        return StepOutcome(f"{key_id}, secret {describe_storage(envelopes)}", {FACT: key_id}, envelopes)

    def undo(self, context: StepContext) -> None:
        """Delete the keys that this run created, then their envelopes.

        Raises ``Problem`` if the user has a key that this run did not create. Such a key is not deleted.
        """
        api, key_id = self.api(context), context.facts.get(FACT, "")
        what = f"The access key {show(key_id)}" if key_id else "An access key"
        listing = self.iam_command("list-access-keys", user_name=self.user_name)
        with suggest_removal(
            f"{what} of {show(self.user_name)}", lambda _: self.removal_commands(context) or (listing,)
        ):
            own_user = self.wait_for_own_user(api) is not None
            others = self._others(api) if own_user else set[str]()
        if key_id and (own_user or self._is_on_other_user(api, key_id)):
            self._delete(api, key_id)
        self.remove_envelopes(context, ACCESS_KEY)
        self._delete_orphans(api, others)

    def removal_commands(self, context: StepContext) -> tuple[str, ...]:
        """Return the shell commands that delete the keys that this run may have created.

        If the id of one of them is unknown, the command deletes every key of the user.
        """
        key_id, user = context.facts.get(FACT, ""), self.user_name
        if context.run_log.unanswered(CREATE):
            query = {"query": "AccessKeyMetadata[].AccessKeyId", "output": "text"}
            ids = self.iam_command("list-access-keys", user_name=user, **query)
            delete = self.iam_command("delete-access-key", user_name=user)
            return (f"{ids} | xargs -n 1 {delete} --access-key-id",)
        return (self.iam_command("delete-access-key", user_name=user, access_key_id=key_id),) if key_id else ()

    def find(self, context: StepContext) -> ObservedState:
        """Return whether the key of this run exists and is the user's only key."""
        api, known = self.api(context), context.facts.get(FACT, "")

        def observe() -> ObservedState:
            ids = self._ids(api)
            others = ", ".join(show(id) for id in sorted(ids - {known}))
            if others:
                observation = Observation.PARTLY if context.run_log.unanswered(CREATE) else Observation.UNMANAGED
                return ObservedState(observation, f"{others}: this run does not have the secret")
            return ObservedState(Observation.THERE, show(known)) if known in ids else ObservedState(Observation.ABSENT)

        return self.observe_on_own_user(api, observe)

    def _create(self, api: Api) -> Mapping[str, Any]:
        """Create a key and return it with its secret. Raises ``Problem``.

        If the answer is lost, the key that may exist is deleted, and the request is sent once more.
        """
        try:
            return self._create_once(api)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.context.note("the answer was lost: checking for a key with an unknown secret")
            self._clear(api)
            return self._create_once(api)

    def _create_once(self, api: Api) -> Mapping[str, Any]:
        return self.call_on_own_user(
            api,
            lambda: api.call_part(
                CREATE,
                "AccessKey",
                fields=("AccessKeyId", "SecretAccessKey"),
                learn={FACT: "AccessKeyId"},
                retry_on=NOT_VISIBLE_YET,
                retry_for_s=LAG_S,
                UserName=self.user_name,
            ),
        )

    def _seal(self, api: Api, key_id: str, secret: Secret) -> tuple[EnvelopeInfo, ...]:
        try:
            return self.seal(api, ACCESS_KEY, {"access_key_id": key_id, "secret_access_key": secret})
        except Exception:
            self._delete(api, key_id)
            raise

    def _stored(self, api: Api) -> StepOutcome:
        """Return the outcome for a key whose secret the operator stored during an earlier process.

        That key is never replaced. Raises ``Problem`` if it no longer exists.
        """
        known = api.context.facts.get(FACT, "")
        if not wait_for(api.context, lambda: known in self._ids(api)):
            raise _deleted(known, self.user_name)
        return StepOutcome(f"{known}, secret {describe_storage(())}", {FACT: known})

    def _only(self, api: Api, key_id: str) -> bool:
        """Return whether ``key_id`` exists. Other keys are deleted if lost requests of this run created them late.

        Raises ``Problem`` for a key that this run did not create.
        """
        ids = self._ids(api)
        self._delete_orphans(api, ids - {key_id})
        return key_id in ids

    def _others(self, api: Api) -> set[str]:
        """Return the ids of the user's keys other than the known key of this run.

        After a lost answer it first waits for a key that AWS may still create.
        """
        known, unmanaged = api.context.facts.get(FACT, ""), api.context.run_log.unmanaged
        if api.context.run_log.unanswered(CREATE):
            wait_for(api.context, lambda: self._ids(api) - {known} - unmanaged)
        return self._ids(api) - {known}

    def _clear(self, api: Api) -> None:
        """Delete the known key of this run, and the keys that its lost requests created."""
        others, known = self._others(api), api.context.facts.get(FACT, "")
        if known:
            self._delete(api, known)
        self._delete_orphans(api, others)

    def _delete_orphans(self, api: Api, others: set[str]) -> None:
        """Delete the keys ``others`` that lost requests of this run created.

        Each lost answer accounts for at most one key. Raises ``Problem`` for keys that this run did not create.
        """
        lost, unknown = api.context.run_log.unanswered(CREATE), others - api.context.run_log.unmanaged
        for key_id in sorted(unknown) if lost else ():
            if self._created_later(api, key_id):
                api.context.unmanaged_found(key_id)
                unknown.discard(key_id)
        if len(unknown) <= lost:
            for key_id in sorted(unknown):
                self._delete(api, key_id)
                api.context.call_settled(CREATE, f"applied, and {key_id} was deleted because its secret never arrived")
            unknown = set()
        for key_id in sorted(unknown) if not lost else ():
            api.context.unmanaged_found(key_id)
        if others & api.context.run_log.unmanaged or unknown:
            raise _unmanaged(sorted(others & api.context.run_log.unmanaged | unknown), self.user_name)

    def _created_later(self, api: Api, key_id: str) -> bool:
        """Return whether the key was created too long after this run's last request to come from it."""
        sent, created = api.context.run_log.sent(CREATE), self._listed(api).get(key_id)
        return sent is not None and isinstance(created, datetime) and created - sent > OWN_WITHIN

    def _is_on_other_user(self, api: Api, key_id: str) -> bool:
        """Return whether the key of this run was created for another user, who got the name during the request."""
        return self.find_other_user(api, CREATE) is not None and key_id in self._remaining(api)

    def _ids(self, api: Api) -> set[str]:
        return set(self._listed(api))

    def _listed(self, api: Api) -> dict[str, Any]:
        names = {"UserName": self.user_name}
        keys = self.call_on_own_user(
            api,
            lambda: list(
                api.paginate(
                    "iam:ListAccessKeys", "AccessKeyMetadata", retry_on=NOT_VISIBLE_YET, retry_for_s=LAG_S, **names
                )
            ),
        )
        return {str(item["AccessKeyId"]): item.get("CreateDate") for item in keys}

    def _remaining(self, api: Api) -> set[str]:
        """Return the ids of the user's keys, or an empty set if the user does not exist."""
        try:
            keys = api.paginate("iam:ListAccessKeys", "AccessKeyMetadata", UserName=self.user_name)
            return {str(item["AccessKeyId"]) for item in keys}
        except Problem as problem:
            if problem.code in ABSENT:
                return set()
            raise

    def _delete(self, api: Api, key_id: str) -> None:
        user = self.user_name
        command = self.iam_command("delete-access-key", user_name=user, access_key_id=key_id)
        with suggest_removal(f"The access key {show(key_id)} of {show(user)}", lambda _: [command]):
            remove_and_confirm(
                api.context,
                "The removal",
                lambda: api.remove("iam:DeleteAccessKey", UserName=self.user_name, AccessKeyId=key_id),
                lambda: key_id in self._remaining(api),
            )


def _unmanaged(key_ids: list[str], user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has an access key that this run did not create: {show(', '.join(key_ids))}.",
        why="Another admin or program changes this user at the same time.",
        next="Find out who created it (CloudTrail event CreateAccessKey). Then start again with another user name.",
        kind=Kind.REFUSED,
        code="ForeignAccessKey",
    )


def _deleted(key_id: str, user_name: str) -> Problem:
    return Problem(
        f"The access key {show(key_id)} of {show(user_name)} no longer exists.",
        why="It was deleted after its secret was stored.",
        next="Find out who deleted it (CloudTrail event DeleteAccessKey). Then start again.",
        kind=Kind.MISSING,
        code="AccessKeyDeleted",
    )
