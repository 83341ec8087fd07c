"""The step ``access-key``: one key, whose secret is sealed or stored before the step is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.problems import lost_answer, outcome_unknown
from breakglass_tui.aws.settle import appears, settle
from breakglass_tui.aws.steps.assured import not_visible
from breakglass_tui.aws.steps.base import NOT_YET, OWNERSHIP, AwsStep, kept_in
from breakglass_tui.aws.steps.leftovers import iam, leaving
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Change, Outcome
from breakglass_tui.engine.turn import Turn
from breakglass_tui.secrets.secret import Secret

ACCESS_KEY = "access-key"
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
        return ("iam:CreateAccessKey", "iam:ListAccessKeys", "iam:DeleteAccessKey", *self.kms_actions)

    @property
    def change(self) -> Change:
        """One access key."""
        return Change("new", "one active access key")

    def apply(self, turn: Turn) -> Outcome:
        """Create it, seal it, and see that it is the only one."""
        api = self.api(turn)
        self.doubt.exists = False
        key, late = self._create(api)
        key_id, secret = str(key["AccessKeyId"]), Secret(str(key["SecretAccessKey"]))
        self.setup.vault.put(ACCESS_KEY, secret)
        envelopes = self._seal(api, key_id, secret)
        if not settle(turn, lambda: self._only(api, key_id, late=late), good=1):
            raise not_visible("The access key")
        if not envelopes:
            known = ("Access key id", key_id)
            self.ask_to_store(turn, LABEL, secret, known, take_back=lambda: self._delete(api, key_id))
        return Outcome(f"{key_id}, secret {kept_in(envelopes)}", {"access_key_id": key_id}, envelopes)

    def undo(self, turn: Turn) -> None:
        """Delete every key of our user that is not known to be another's, then the envelopes."""
        api = self.api(turn)
        command = iam("list-access-keys", user_name=self.user_name)
        with leaving(f"An access key of {show(self.user_name)}", command):
            keys = self._left(api) if self.mine(api) else set()
        for key_id in sorted(keys):
            self._delete(api, key_id)
        self.discard(ACCESS_KEY)

    def _create(self, api: Api) -> tuple[Mapping[str, Any], bool]:
        """A key whose secret we hold, and whether another may land late.

        One whose answer was lost is deleted, and one more made, once.
        """
        try:
            return self._create_once(api), False
        except Problem as problem:
            if not outcome_unknown(problem):
                raise
            api.turn.note("the answer was lost: looking for a key whose secret nobody has")
            for key_id in appears(api.turn, lambda: self._ids(api)) or ():
                self._delete(api, key_id)
            return self._create_once(api), True

    def _create_once(self, api: Api) -> Mapping[str, Any]:
        with self.sending():
            key: Mapping[str, Any] = api.made(
                "iam:CreateAccessKey", "AccessKey", patience=("NoSuchEntity",), UserName=self.user_name
            )
            if not key.get("AccessKeyId") or not key.get("SecretAccessKey"):
                raise lost_answer("iam:CreateAccessKey", "the answer has no secret")
        return key

    def _seal(self, api: Api, key_id: str, secret: Secret) -> tuple[EnvelopeInfo, ...]:
        try:
            return self.seal(api, ACCESS_KEY, {"access_key_id": key_id, "secret_access_key": secret})
        except Exception:
            self._delete(api, key_id)
            raise

    def _only(self, api: Api, key_id: str, *, late: bool) -> bool:
        """Whether our key is there, and alone.

        After a lost answer another one is of the request that landed late, and its secret is lost: it is deleted.
        Otherwise somebody else made it, and it is not touched.
        """
        ids = self._ids(api)
        for other in sorted(ids - {key_id}):
            if not late:
                self.doubt.foreign.add(other)
                raise _foreign(other, self.user_name)
            self._delete(api, other)
        return key_id in ids

    def _left(self, api: Api) -> set[str]:
        known = api.turn.facts.get("access_key_id", "")
        listed = appears(api.turn, lambda: self._ids(api)) if self.doubt.exists else self._ids(api)
        return ((listed or set()) | ({known} - {""})) - self.doubt.foreign

    def _ids(self, api: Api) -> set[str]:
        keys = api.pages("iam:ListAccessKeys", "AccessKeyMetadata", patience=NOT_YET, UserName=self.user_name)
        return {str(item["AccessKeyId"]) for item in keys}

    def _delete(self, api: Api, key_id: str) -> None:
        names = {"user_name": self.user_name, "access_key_id": key_id}
        with leaving(f"The access key {show(key_id)} of {show(self.user_name)}", iam("delete-access-key", **names)):
            api.remove("iam:DeleteAccessKey", UserName=self.user_name, AccessKeyId=key_id)


def _foreign(key_id: str, user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has an access key that this run did not make: {show(key_id)}.",
        why="Somebody else is working on this user right now.",
        next="Find out who, in CloudTrail under CreateAccessKey; then begin anew with another user name.",
        kind=Kind.REFUSED,
        code="ForeignAccessKey",
    )
