"""``AwsStep``, the base class of the steps: permissions, seals and removal commands."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.kms_seal import seals_for
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.aws.steps.own_user import OwnUser
from breakglass_tui.aws.steps.removal_commands import iam_command, suggest_removal
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.ownership import run_tags, user_arn
from breakglass_tui.domain.permissions import Permission, action_names
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.seal_summary import seal_summary
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext, Stopped
from breakglass_tui.secrets.envelope_files import remove
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret

SEALING = "encrypting with the passphrase, which takes some seconds"


@dataclass(frozen=True)
class AwsStep(OwnUser):
    """A step of ``setup`` that calls AWS with ``clients``.

    ``needs`` are the ids of the steps that must be done before it.
    """

    needs: frozenset[str] = frozenset()

    @property
    def user_arn(self) -> str:
        """The ARN that the user of the run has or will have."""
        return user_arn(self.setup.account.caller, self.setup.request)

    @property
    def scope(self) -> PermissionScope:
        """The resources of the request, for the permissions of this step."""
        return PermissionScope(self.setup.account, self.setup.request)

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions of ``apply``, with their resources."""
        return ()

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions of ``undo``, with their resources."""
        return ()

    @property
    def actions(self) -> tuple[str, ...]:
        """The names of the actions of ``permissions``."""
        return action_names(self.permissions)

    @property
    def undo_actions(self) -> tuple[str, ...]:
        """The names of the actions of ``undo_permissions``."""
        return action_names(self.undo_permissions)

    @property
    def seal_permissions(self) -> tuple[Permission, ...]:
        """The actions that the seals of the request need."""
        return tuple(self.scope.key("kms:Encrypt", "kms:Decrypt"))

    def tags(self) -> list[dict[str, str]]:
        """Return the tags of the request, then the tags that mark a resource as created by this run.

        Each is a dict with ``Key`` and ``Value``.
        """
        tags = run_tags(self.setup.request, self.setup.run_id)
        return [{"Key": key, "Value": value} for key, value in tags.items()]

    def iam_command(self, operation: str, **options: str) -> str:
        """Return an AWS CLI command line of the iam service, with the operator's profile and endpoint."""
        return iam_command(operation, *self.clients.cli_options, **options)

    def removal_commands(self, context: StepContext) -> tuple[str, ...]:  # noqa: ARG002 - for the subclasses
        """Return the shell commands that remove what this step may have created, according to the journal."""
        return ()

    @contextmanager
    def suggest_removal(self, context: StepContext, what: str) -> Iterator[None]:
        """In a with block, replace a ``Problem`` by one that has the ``removal_commands`` of this step.

        ``what`` names the resource that was not removed.
        """
        with suggest_removal(what, lambda _: self.removal_commands(context)):
            yield

    def seal(
        self, api: Api, contents: str, fields: Mapping[str, Secret | str], *, name: str = ""
    ) -> tuple[EnvelopeInfo, ...]:
        """Write one envelope for each seal of the request and return them. Without a seal the result is empty.

        ``contents`` names the secret, and ``fields`` is what the envelope contains. ``name`` replaces ``contents`` in
        the file names. Raises ``Problem``.
        """
        seals, context = seals_for(self.setup, api, contents), api.context
        if any(seal.kind == PASSPHRASE for seal in seals):
            context.note(SEALING)
        return self.setup.envelopes.write(
            contents,
            fields,
            seals,
            user_name=self.user_name,
            own_paths=context.run_log.envelopes,
            before_write=context.envelope_started,
            name=name,
        )

    def written_envelopes(self, api: Api, contents: str) -> tuple[EnvelopeInfo, ...] | None:
        """Return the envelopes of ``contents`` that an earlier process of this run wrote, or None if one is missing.

        There must be one for each seal.
        """
        seals, own_paths = seals_for(self.setup, api, contents), api.context.run_log.envelopes
        return self.setup.envelopes.find_written(contents, seals, user_name=self.user_name, own_paths=own_paths)

    def remove_envelopes(self, context: StepContext, contents: str, *, keep: Iterable[str] = ()) -> None:
        """Delete the envelopes of ``contents`` that this run wrote, because their secret is no longer valid.

        The paths in ``keep`` stay. Raises ``Problem`` for the files that could not be deleted, after all others were.
        """
        failed: dict[Path, str] = {}
        for path in map(Path, sorted(context.run_log.envelopes.difference(keep))):
            if not self.setup.envelopes.is_path_for(path, contents, user_name=self.user_name):
                continue
            try:
                remove(path)
            except OSError as error:
                failed[path] = error.strerror or type(error).__name__
        if failed:
            raise _not_removed(failed)

    def ask_to_store(
        self, context: StepContext, label: str, secret: Secret, *public: tuple[str, str], roll_back: Callable[[], None]
    ) -> None:
        """Wait until the operator has stored a secret that has no seal.

        ``label`` and ``public`` (pairs of name and value) are shown with it. If the run is stopped before, call
        ``roll_back`` and raise ``Stopped``.
        """
        account_id = self.setup.account.caller.account_id
        details = (("Account", account_id), ("User name", self.user_name), *public)
        try:
            context.ask(StoreSecret(label, secret, details))
        except Stopped:
            roll_back()
            raise


def describe_storage(envelopes: tuple[EnvelopeInfo, ...]) -> str:
    """Return a phrase that says where a secret is stored."""
    ways = seal_summary(envelopes)
    return f"sealed: {' and '.join(ways)}" if ways else "stored by the operator"


def _not_removed(reasons: Mapping[Path, str]) -> Problem:
    paths = [str(path) for path in reasons]
    noun = "envelope" if len(paths) == 1 else "envelopes"
    return Problem(
        f"The {noun} {show(', '.join(paths), 4096)} could not be removed.",
        why=f"The secret is no longer valid. The system reports: {', '.join(dict.fromkeys(reasons.values()))}.",
        next=shlex.join(["rm", "--", *paths]),
        kind=Kind.LOCAL,
    )
