"""What the steps share: the account they work in, their seals, and the question whose a user is."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import CEILING_S, INTERVAL_S, appears
from breakglass_tui.aws.kms_seal import seals_for
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.ownership import RUN_TAG, marked, user_arn
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext, Stopped
from breakglass_tui.secrets.envelope_files import remove
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret

NOT_YET = frozenset({"NoSuchEntity"})
"""What a replica of IAM that has not heard of the user says to a read."""
OWNERSHIP = ("iam:GetUser", "iam:ListUserTags")
"""What is read before anything is removed."""
TAKEN_OVER = "TakenOver"
SEALING = "sealing with the passphrase, which takes seconds"
GONE_S = 5.0
"""How long our user must not be found before something that is on it counts as gone with it."""


@dataclass(frozen=True)
class AwsStep:
    """One step of ``setup``, carried out through ``clients``."""

    clients: Clients = field(repr=False)
    setup: Setup = field(repr=False)
    needs: frozenset[str] = frozenset()

    @property
    def user_name(self) -> str:
        """The user that this run makes."""
        return self.setup.request.user_name

    @property
    def user_arn(self) -> str:
        """The ARN that user will have."""
        return user_arn(self.setup.account.caller, self.setup.request)

    @property
    def kms_actions(self) -> tuple[str, ...]:
        """What sealing a secret calls."""
        return ("kms:Encrypt", "kms:Decrypt") if self.setup.request.kms_key_id else ()

    def api(self, context: StepContext) -> Api:
        """The calls of this step."""
        account_id = self.setup.account.caller.account_id
        return Api(self.clients, context, region=self.setup.request.region, account_id=account_id)

    def tags(self) -> list[dict[str, str]]:
        """What marks a thing as made by this run, after the operator's own tags."""
        tags = marked(self.setup.request, self.setup.run_id)
        return [{"Key": key, "Value": value} for key, value in tags.items()]

    def mine(self, api: Api) -> Mapping[str, Any] | None:
        """The user if this run made it; None if there is none, or only another's of the same name.

        Raises ``Problem`` for a user that has our id but has lost our tag: somebody has taken it over.
        """
        user = self._user(api)
        return user if user and self._made_here(api, user) else None

    def still_there(self, api: Api) -> Mapping[str, Any] | None:
        """Our user, for taking something off it; one read that does not find what was made is not believed."""
        known = api.context.facts.get("user_id", "")
        return appears(api.context, lambda: self.mine(api), within_s=GONE_S if known else 0.0)

    def require_mine(self, api: Api) -> Mapping[str, Any]:
        """The user, before something is put on it: it must be the one this run made, and not its successor.

        Raises ``Problem`` if it is another's, or does not appear within a minute.
        """
        began = api.context.clock.ticks()
        while (user := self._user(api)) is None:
            if api.context.clock.ticks() - began >= CEILING_S:
                raise _gone(self.user_name)
            api.context.wait(INTERVAL_S)
        if not self._made_here(api, user):
            raise not_ours(self.user_name)
        return user

    def find_on_user(self, api: Api, look: Callable[[], ObservedState]) -> ObservedState:
        """What ``look`` sees on our user; nothing is ours on a user that is not."""
        user = self._user(api)
        if user is None:
            return ObservedState(Observation.ABSENT, "the user is gone")
        if not self._made_here(api, user):
            return ObservedState(Observation.ABSENT, "the user of this name is another's")
        return look()

    def _user(self, api: Api) -> dict[str, Any] | None:
        answer = api.found("iam:GetUser", UserName=self.user_name)
        return answer["User"] if answer else None

    def _made_here(self, api: Api, user: Mapping[str, Any]) -> bool:
        known = api.context.facts.get("user_id", "")
        if known and user.get("UserId") != known:
            return False
        if self._tag_of(api, user) == self.setup.run_id:
            return True
        if known:
            raise _taken_over(self.user_name)
        return False

    def _tag_of(self, api: Api, user: Mapping[str, Any]) -> str:
        # Some endpoints leave the tags out of GetUser.
        tags = user.get("Tags") or api.pages("iam:ListUserTags", "Tags", UserName=self.user_name)
        return next((str(tag["Value"]) for tag in tags if tag["Key"] == RUN_TAG), "")

    def seal(
        self, api: Api, contents: str, fields: Mapping[str, Secret | str], *, name: str = ""
    ) -> tuple[EnvelopeInfo, ...]:
        """One envelope for each seal of the request, if any; ``name`` is what the files are called instead."""
        seals, context = seals_for(self.setup, api, contents), api.context
        if any(seal.kind == PASSPHRASE for seal in seals):
            context.note(SEALING)
        return self.setup.envelopes.keep(
            contents,
            fields,
            seals,
            user_name=self.user_name,
            ours=context.run_log.envelopes,
            before=context.sealing,
            name=name,
        )

    def sealed_before(self, api: Api, contents: str) -> tuple[EnvelopeInfo, ...] | None:
        """The envelopes that an earlier process of this run wrote, one for each seal; None if one is missing."""
        seals, ours = seals_for(self.setup, api, contents), api.context.run_log.envelopes
        return self.setup.envelopes.kept(contents, seals, user_name=self.user_name, ours=ours)

    def discard(self, context: StepContext, contents: str, *, keep: Iterable[str] = ()) -> None:
        """Remove this run's envelopes with ``contents``, but those to ``keep``: what they hold opens nothing."""
        for path in map(Path, sorted(context.run_log.envelopes.difference(keep))):
            if not self.setup.envelopes.is_of(path, contents, user_name=self.user_name):
                continue
            try:
                remove(path)
            except OSError as error:
                raise _stays(path, error.strerror or type(error).__name__) from None

    def ask_to_store(
        self, context: StepContext, label: str, secret: Secret, *public: tuple[str, str], roll_back: Callable[[], None]
    ) -> None:
        """Wait until the operator has stored a secret that nothing seals; what nobody stored is taken back."""
        account_id = self.setup.account.caller.account_id
        known = (("Account", account_id), ("User name", self.user_name), *public)
        try:
            context.ask(StoreSecret(label, secret, known))
        except Stopped:
            roll_back()
            raise


def kept_in(envelopes: tuple[EnvelopeInfo, ...]) -> str:
    """Where a secret went, for people."""
    ways = dict.fromkeys(envelope.way_in for envelope in envelopes)
    return f"sealed to {' and '.join(ways)}" if ways else "stored by the operator"


def _stays(path: Path, why: str) -> Problem:
    return Problem(
        f"The envelope {show(str(path))} is still there.",
        why=f"What is in it opens nothing any more. The system says: {why}.",
        next=shlex.join(["rm", "--", str(path)]),
        kind=Kind.LOCAL,
    )


def not_ours(user_name: str) -> Problem:
    """A user of this name that another made."""
    return Problem(
        f"A user named {show(user_name)} exists that this run did not make.",
        why="It was not touched. IAM holds names that differ only in case to be the same.",
        next="Choose another user name.",
        kind=Kind.REFUSED,
        code="EntityAlreadyExists",
    )


def _gone(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} that this run made is not there any more.",
        why="It was there, and for a minute AWS has not found it: somebody has deleted it.",
        next="Find out who, in CloudTrail under DeleteUser; then begin anew.",
        kind=Kind.MISSING,
        code="NoSuchEntity",
    )


def _taken_over(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} no longer carries this run's tag.",
        why=f"The tag {RUN_TAG} was changed or removed after this run made the user.",
        next="Find out who did that; nothing of this user was touched.",
        kind=Kind.REFUSED,
        code=TAKEN_OVER,
    )
