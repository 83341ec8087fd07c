"""What the steps share: the account they work in, their seals, and the question whose a user is."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.problems import outcome_unknown
from breakglass_tui.aws.seal import KmsSeal, seals_for
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.turn import Stopped, Turn
from breakglass_tui.secrets.age import AgeSeal
from breakglass_tui.secrets.secret import Secret

RUN_TAG = "breakglass-tui:run-id"
MANAGED_TAG = "breakglass-tui:managed"
NOT_YET = frozenset({"NoSuchEntity"})
"""What a replica of IAM that has not heard of the user says to a read."""
OWNERSHIP = ("iam:GetUser", "iam:ListUserTags")
"""What is read before anything is removed."""


@dataclass
class Doubt:
    """Whether AWS may hold something that no answer told of; so it is until a step says otherwise.

    ``foreign`` are ids that somebody else was seen to make.
    """

    exists: bool = True
    foreign: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class AwsStep:
    """One step of ``setup``, carried out through ``clients``."""

    clients: Clients = field(repr=False)
    setup: Setup = field(repr=False)
    needs: frozenset[str] = frozenset()
    doubt: Doubt = field(default_factory=Doubt, repr=False)

    @property
    def user_name(self) -> str:
        """The user that this run makes."""
        return self.setup.request.user_name

    @property
    def user_arn(self) -> str:
        """The ARN that user will have."""
        caller, path = self.setup.account.caller, self.setup.request.path
        return f"arn:{caller.partition}:iam::{caller.account_id}:user{path}{self.user_name}"

    @property
    def kms_actions(self) -> tuple[str, ...]:
        """What sealing a secret calls."""
        return ("kms:Encrypt", "kms:Decrypt") if self.setup.request.kms_key_id else ()

    def api(self, turn: Turn) -> Api:
        """The calls of this step."""
        return Api(self.clients, turn, region=self.setup.request.region)

    def tags(self) -> list[dict[str, str]]:
        """What marks a thing as made by this run, after the operator's own tags."""
        own = {RUN_TAG: self.setup.run_id, MANAGED_TAG: "true"}
        return [{"Key": key, "Value": value} for key, value in {**self.setup.request.tags, **own}.items()]

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Around a call that makes something: until its answer is known, there is a doubt."""
        self.doubt.exists = True
        try:
            yield
        except Problem as problem:
            self.doubt.exists = outcome_unknown(problem)
            raise
        self.doubt.exists = False

    def mine(self, api: Api) -> Mapping[str, Any] | None:
        """The user if this run made it; None if there is none, or only another's of the same name.

        Raises ``Problem`` for a user that has our id but has lost our tag: somebody has taken it over.
        """
        answer = api.found("iam:GetUser", UserName=self.user_name)
        user: dict[str, Any] = answer["User"] if answer else {}
        known = api.turn.facts.get("user_id", "")
        if not user or (known and user.get("UserId") != known):
            return None
        if self._tag_of(api, user) == self.setup.run_id:
            return user
        if known:
            raise _taken_over(self.user_name)
        return None

    def _tag_of(self, api: Api, user: Mapping[str, Any]) -> str:
        # Some endpoints leave the tags out of GetUser.
        tags = user.get("Tags") or api.pages("iam:ListUserTags", "Tags", UserName=self.user_name)
        return next((str(tag["Value"]) for tag in tags if tag["Key"] == RUN_TAG), "")

    def seal(self, api: Api, contents: str, fields: Mapping[str, Secret | str]) -> tuple[EnvelopeInfo, ...]:
        """One envelope for each seal of the request; none if it has no seal."""
        seals = seals_for(self.setup.request, api, contents)
        return self.setup.envelopes.keep(contents, fields, seals, user_name=self.user_name) if seals else ()

    def discard(self, contents: str) -> None:
        """Remove this run's envelopes with ``contents``: what they hold opens nothing any more."""
        for suffix in (AgeSeal.suffix, KmsSeal.suffix):
            path = self.setup.envelopes.path(contents, suffix, user_name=self.user_name)
            if not self.setup.envelopes.wrote(path):
                continue
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise _stays(path, error.strerror or type(error).__name__) from None

    def ask_to_store(
        self, turn: Turn, label: str, secret: Secret, *public: tuple[str, str], take_back: Callable[[], None]
    ) -> None:
        """Wait until the operator has stored a secret that nothing seals; what nobody stored is taken back."""
        account_id = self.setup.account.caller.account_id
        known = (("Account", account_id), ("User name", self.user_name), *public)
        try:
            turn.ask(StoreSecret(label, secret, known))
        except Stopped:
            take_back()
            raise


def kept_in(envelopes: tuple[EnvelopeInfo, ...]) -> str:
    """Where a secret went, for people."""
    kinds = {"kms": "KMS", "age": "age", "passphrase": "passphrase"}
    seals = dict.fromkeys(kinds.get(seal, seal) for envelope in envelopes for seal in envelope.seals)
    return f"sealed to {' and '.join(seals)}" if seals else "stored by the operator"


def _stays(path: Path, why: str) -> Problem:
    return Problem(
        f"The envelope {show(str(path))} is still there.",
        why=f"What is in it opens nothing any more. The system says: {why}.",
        next=shlex.join(["rm", "--", str(path)]),
        kind=Kind.LOCAL,
    )


def _taken_over(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} no longer carries this run's tag.",
        why=f"The tag {RUN_TAG} was changed or removed after this run made the user.",
        next="Find out who did that; nothing of this user was touched.",
        kind=Kind.REFUSED,
    )
