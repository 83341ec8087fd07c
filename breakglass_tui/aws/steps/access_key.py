"""The step ``access-key``: one key, whose secret is sealed or stored before the step is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.outcomes import ABSENT, outcome_unknown
from breakglass_tui.aws.settle import appears, settle
from breakglass_tui.aws.steps.assured import not_visible, removed
from breakglass_tui.aws.steps.base import NOT_YET, OWNERSHIP, AwsStep, kept_in
from breakglass_tui.aws.steps.leftovers import iam, leaving
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.sight import Seen, Sight
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, Outcome
from breakglass_tui.engine.turn import Turn
from breakglass_tui.secrets.secret import Secret

CREATE = "iam:CreateAccessKey"
FACT = "access_key_id"
ACCESS_KEY = "access-key"
LANDS_WITHIN = timedelta(minutes=15)
"""A key made later than this after our last request is somebody else's; clocks may differ by some minutes."""
LABEL = "Secret access key"


@dataclass(frozen=True)
class AccessKey(AwsStep):
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

    def apply(self, turn: Turn) -> Outcome:
        """Create it, seal it, and see that it is the only one."""
        api = self.api(turn)
        self.require_mine(api)
        if turn.resumed:
            if turn.ledger.stored(self.id):
                return self._stored(api)
            self._clear(api)
        key = self._create(api)
        key_id, secret = str(key["AccessKeyId"]), Secret(str(key["SecretAccessKey"]))
        self.setup.vault.put(ACCESS_KEY, secret)
        envelopes = self._seal(api, key_id, secret)
        if not settle(turn, lambda: self._only(api, key_id), good=1):
            raise not_visible("The access key")
        if turn.ledger.unanswered(CREATE):
            turn.note("a request whose answer was lost may still make a key: waiting to delete that")
            self._drop_orphans(api, appears(turn, lambda: self._ids(api) - {key_id}) or set())
        if not envelopes:
            public = ("Access key id", key_id)
            self.ask_to_store(turn, LABEL, secret, public, take_back=lambda: self._delete(api, key_id))
        return Outcome(f"{key_id}, secret {kept_in(envelopes)}", {FACT: key_id}, envelopes)

    def undo(self, turn: Turn) -> None:
        """Delete the keys of this run, then the envelopes; another's key stays, and is told."""
        api = self.api(turn)
        with leaving(f"An access key of {show(self.user_name)}", iam("list-access-keys", user_name=self.user_name)):
            ours = self.left_to_undo(api) is not None
            others, known = self._others(api) if ours else set[str](), turn.facts.get(FACT, "")
        if ours and known:
            self._delete(api, known)
        self.discard(turn, ACCESS_KEY)
        self._drop_orphans(api, others)

    def find(self, turn: Turn) -> Sight:
        """The key of this run, and whether it is alone."""
        api, known = self.api(turn), turn.facts.get(FACT, "")

        def look() -> Sight:
            ids = self._ids(api)
            others = ", ".join(show(id) for id in sorted(ids - {known}))
            if others:
                seen = Seen.PARTLY if turn.ledger.unanswered(CREATE) else Seen.FOREIGN
                return Sight(seen, f"{others}, whose secret this run does not have")
            return Sight(Seen.THERE, show(known)) if known in ids else Sight(Seen.ABSENT)

        return self.find_on_user(api, look)

    def _create(self, api: Api) -> Mapping[str, Any]:
        """A key whose secret we hold; one whose answer was lost is deleted, and one more made, once."""
        try:
            return self._create_once(api)
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.turn.note("the answer was lost: looking for a key whose secret nobody has")
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

    def _stored(self, api: Api) -> Outcome:
        """The key whose secret the operator has stored in an earlier process; it is never replaced."""
        known = api.turn.facts.get(FACT, "")
        if not appears(api.turn, lambda: known in self._ids(api)):
            raise _deleted(known, self.user_name)
        return Outcome(f"{known}, secret {kept_in(())}", {FACT: known})

    def _only(self, api: Api, key_id: str) -> bool:
        """Whether our key is there, and alone; one that a lost request made late is deleted."""
        ids = self._ids(api)
        self._drop_orphans(api, ids - {key_id})
        return key_id in ids

    def _others(self, api: Api) -> set[str]:
        """The keys but for the one that this run knows; one that a lost request makes late is waited for."""
        known, foreign = api.turn.facts.get(FACT, ""), api.turn.ledger.foreign
        if api.turn.ledger.unanswered(CREATE):
            appears(api.turn, lambda: self._ids(api) - {known} - foreign)
        return self._ids(api) - {known}

    def _clear(self, api: Api) -> None:
        """Delete the key this run knows, and those that its lost requests have made."""
        others, known = self._others(api), api.turn.facts.get(FACT, "")
        if known:
            self._delete(api, known)
        self._drop_orphans(api, others)

    def _drop_orphans(self, api: Api, others: set[str]) -> None:
        """Delete ``others`` if as many requests lost their answers; raises ``Problem`` if somebody made any of them."""
        lost, unknown = api.turn.ledger.unanswered(CREATE), others - api.turn.ledger.foreign
        for key_id in sorted(unknown) if lost else ():
            if self._made_since(api, key_id):
                api.turn.foreign(key_id)
                unknown.discard(key_id)
        if len(unknown) <= lost:
            for key_id in sorted(unknown):
                self._delete(api, key_id)
                api.turn.settled(CREATE, f"{key_id} was made; its secret never arrived, so it was deleted")
            unknown = set()
        for key_id in sorted(unknown) if not lost else ():
            api.turn.foreign(key_id)
        if others & api.turn.ledger.foreign or unknown:
            raise _foreign(sorted(others & api.turn.ledger.foreign | unknown), self.user_name)

    def _made_since(self, api: Api, key_id: str) -> bool:
        """Whether the key was made too long after the last request for one to be of that request."""
        sent, made = api.turn.ledger.sent(CREATE), self._listed(api).get(key_id)
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
                api.turn,
                "The removal",
                lambda: api.remove("iam:DeleteAccessKey", UserName=self.user_name, AccessKeyId=key_id),
                lambda: key_id in self._left(api),
            )


def _foreign(key_ids: list[str], user_name: str) -> Problem:
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
