"""The step ``access-key``: one key, whose secret is sealed or stored before the step is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.consistency import appears, wait_until_consistent
from breakglass_tui.aws.error_classes import ABSENT, outcome_unknown
from breakglass_tui.aws.steps.base import NOT_YET, OWNERSHIP, AwsStep, kept_in
from breakglass_tui.aws.steps.idempotent_writes import not_visible, removed
from breakglass_tui.aws.steps.removal_commands import iam, leaving
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, StepOutcome
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret

CREATE = "iam:CreateAccessKey"
FACT = "access_key_id"
ACCESS_KEY = "access-key"
LANDS_WITHIN = timedelta(minutes=15)
"""A key made later than this after our last request is somebody else's; clocks may differ by some minutes."""
LABEL = "Secret access key"


@dataclass(frozen=True)
class AccessKeyStep(AwsStep):
    """CreateAccessKey has no idempotency token: sent again, it makes a second key and loses the first secret."""

    id = "access-key"
    title = "Access key"
    undo_actions = (*OWNERSHIP, "iam:ListAccessKeys", "iam:DeleteAccessKey")

    @property
    def actions(self) -> tuple[str, ...]:
        """With those of sealing."""
        return (CREATE, "iam:ListAccessKeys", "iam:DeleteAccessKey", *OWNERSHIP, *self.kms_actions)

    @property
    def change(self) -> Change:
        """One access key."""
        return Change("new", "one active access key")

    def apply(self, context: StepContext) -> StepOutcome:
        """Create it, seal it, and see that it is the only one."""
        api = self.api(context)
        self.require_mine(api)
        if context.resumed:
            if context.run_log.stored(self.id):
                return self._stored(api)
            self._clear(api)
        key = self._create(api)
        key_id, secret = str(key["AccessKeyId"]), Secret(str(key["SecretAccessKey"]))
        self.setup.vault.put(ACCESS_KEY, secret)
        envelopes = self._seal(api, key_id, secret)
        if not wait_until_consistent(context, lambda: self._only(api, key_id), good=1):
            raise not_visible("The access key")
        if context.run_log.unanswered(CREATE):
            context.note("a request whose answer was lost may still make a key: waiting to delete that")
            self._drop_orphans(api, appears(context, lambda: self._ids(api) - {key_id}) or set())
        if not envelopes:
            public = ("Access key id", key_id)
            self.ask_to_store(context, LABEL, secret, public, roll_back=lambda: self._delete(api, key_id))
        return StepOutcome(f"{key_id}, secret {kept_in(envelopes)}", {FACT: key_id}, envelopes)

    def undo(self, context: StepContext) -> None:
        """Delete the keys of this run, then the envelopes; another's key stays, and is told."""
        api = self.api(context)
        with leaving(f"An access key of {show(self.user_name)}", iam("list-access-keys", user_name=self.user_name)):
            ours = self.still_there(api) is not None
            others, known = self._others(api) if ours else set[str](), context.facts.get(FACT, "")
        if ours and known:
            self._delete(api, known)
        self.discard(context, ACCESS_KEY)
        self._drop_orphans(api, others)

    def find(self, context: StepContext) -> ObservedState:
        """The key of this run, and whether it is alone."""
        api, known = self.api(context), context.facts.get(FACT, "")

        def look() -> ObservedState:
            ids = self._ids(api)
            others = ", ".join(show(id) for id in sorted(ids - {known}))
            if others:
                seen = Observation.PARTLY if context.run_log.unanswered(CREATE) else Observation.FOREIGN
                return ObservedState(seen, f"{others}, whose secret this run does not have")
            return ObservedState(Observation.THERE, show(known)) if known in ids else ObservedState(Observation.ABSENT)

        return self.find_on_user(api, look)

    def _create(self, api: Api) -> Mapping[str, Any]:
        """A key whose secret we hold; one whose answer was lost is deleted, and one more made, once."""
        try:
            return self._create_once(api)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.context.note("the answer was lost: looking for a key whose secret nobody has")
            self._clear(api)
            return self._create_once(api)

    def _create_once(self, api: Api) -> Mapping[str, Any]:
        return api.made(
            CREATE,
            "AccessKey",
            fields=("AccessKeyId", "SecretAccessKey"),
            learn={FACT: "AccessKeyId"},
            patience=NOT_YET,
            UserName=self.user_name,
        )

    def _seal(self, api: Api, key_id: str, secret: Secret) -> tuple[EnvelopeInfo, ...]:
        try:
            return self.seal(api, ACCESS_KEY, {"access_key_id": key_id, "secret_access_key": secret})
        except Exception:
            self._delete(api, key_id)
            raise

    def _stored(self, api: Api) -> StepOutcome:
        """The key whose secret the operator has stored in an earlier process; it is never replaced."""
        known = api.context.facts.get(FACT, "")
        if not appears(api.context, lambda: known in self._ids(api)):
            raise _deleted(known, self.user_name)
        return StepOutcome(f"{known}, secret {kept_in(())}", {FACT: known})

    def _only(self, api: Api, key_id: str) -> bool:
        """Whether our key is there, and alone; one that a lost request made late is deleted."""
        ids = self._ids(api)
        self._drop_orphans(api, ids - {key_id})
        return key_id in ids

    def _others(self, api: Api) -> set[str]:
        """The keys but for the one that this run knows; one that a lost request makes late is waited for."""
        known, unmanaged = api.context.facts.get(FACT, ""), api.context.run_log.unmanaged
        if api.context.run_log.unanswered(CREATE):
            appears(api.context, lambda: self._ids(api) - {known} - unmanaged)
        return self._ids(api) - {known}

    def _clear(self, api: Api) -> None:
        """Delete the key this run knows, and those that its lost requests have made."""
        others, known = self._others(api), api.context.facts.get(FACT, "")
        if known:
            self._delete(api, known)
        self._drop_orphans(api, others)

    def _drop_orphans(self, api: Api, others: set[str]) -> None:
        """Delete ``others`` if as many requests lost their answers; raises ``Problem`` if somebody made any of them."""
        lost, unknown = api.context.run_log.unanswered(CREATE), others - api.context.run_log.unmanaged
        for key_id in sorted(unknown) if lost else ():
            if self._made_since(api, key_id):
                api.context.unmanaged(key_id)
                unknown.discard(key_id)
        if len(unknown) <= lost:
            for key_id in sorted(unknown):
                self._delete(api, key_id)
                api.context.settled(CREATE, f"{key_id} was made; its secret never arrived, so it was deleted")
            unknown = set()
        for key_id in sorted(unknown) if not lost else ():
            api.context.unmanaged(key_id)
        if others & api.context.run_log.unmanaged or unknown:
            raise _unmanaged(sorted(others & api.context.run_log.unmanaged | unknown), self.user_name)

    def _made_since(self, api: Api, key_id: str) -> bool:
        """Whether the key was made too long after the last request for one to be of that request."""
        sent, made = api.context.run_log.sent(CREATE), self._listed(api).get(key_id)
        return sent is not None and isinstance(made, datetime) and made - sent > LANDS_WITHIN

    def _ids(self, api: Api) -> set[str]:
        return set(self._listed(api))

    def _listed(self, api: Api) -> dict[str, Any]:
        keys = api.pages("iam:ListAccessKeys", "AccessKeyMetadata", patience=NOT_YET, UserName=self.user_name)
        return {str(item["AccessKeyId"]): item.get("CreateDate") for item in keys}

    def _left(self, api: Api) -> set[str]:
        """The keys of the user, none if it is gone."""
        try:
            keys = api.pages("iam:ListAccessKeys", "AccessKeyMetadata", UserName=self.user_name)
            return {str(item["AccessKeyId"]) for item in keys}
        except Problem as problem:
            if problem.code in ABSENT:
                return set()
            raise

    def _delete(self, api: Api, key_id: str) -> None:
        names = {"user_name": self.user_name, "access_key_id": key_id}
        with leaving(f"The access key {show(key_id)} of {show(self.user_name)}", iam("delete-access-key", **names)):
            removed(
                api.context,
                "The removal",
                lambda: api.remove("iam:DeleteAccessKey", UserName=self.user_name, AccessKeyId=key_id),
                lambda: key_id in self._left(api),
            )


def _unmanaged(key_ids: list[str], user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has an access key that this run did not make: {show(', '.join(key_ids))}.",
        why="Somebody else is working on this user right now.",
        next="Find out who, in CloudTrail under CreateAccessKey; then begin anew with another user name.",
        kind=Kind.REFUSED,
        code="ForeignAccessKey",
    )


def _deleted(key_id: str, user_name: str) -> Problem:
    return Problem(
        f"The access key {show(key_id)} of {show(user_name)} is not there any more.",
        why="Its secret was stored, and somebody has deleted the key since.",
        next="Find out who, in CloudTrail under DeleteAccessKey; then begin anew.",
        kind=Kind.MISSING,
        code="AccessKeyDeleted",
    )
