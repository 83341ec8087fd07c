"""The check ``user-exists``: the user exists, and it is the user that the run created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import list_of_user, no_such_user, scope_of, user_arn, wait_until_present
from breakglass_tui.aws.checks.remedy_commands import list_users, user_command
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import CONSISTENT_READS
from breakglass_tui.domain.checks import MISSION, CheckResult
from breakglass_tui.domain.own_tags import MANAGED_TAG, OWN_TAGS
from breakglass_tui.domain.ownership import tag_count
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "Every other check depends on this user. "
    "A user that was deleted and created again is no longer trusted by policies that named it before."
)
REPLACED = (
    "Find out who deleted the original user (CloudTrail event DeleteUser). "
    "Delete this user and create a new emergency user."
)


@dataclass(frozen=True)
class UserExistsCheck:
    """The check of the user's ARN, unique id and tags (GetUser)."""

    clients: Clients
    subject: Subject
    id = "user-exists"
    title = MISSION["user-exists"]

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).user("iam:GetUser", "iam:ListUserTags"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the user and compare it with the request. The facts of the result are ``user_arn`` and ``user_id``."""
        api, answers = Api(self.clients, context), [dict[str, Any]()]

        def present() -> bool:
            answers.append(api.find("iam:GetUser", UserName=self.subject.user_name) or {})
            return bool(answers[-1])

        wait_until_present(context, self.subject, present, good_reads=CONSISTENT_READS)
        findings, facts = Findings(), dict[str, str]()
        user = answers[-1].get("User")
        if user is None:
            findings.fail(no_such_user(self.subject), list_users(self.clients))
        else:
            facts = {"user_arn": str(user.get("Arn", "")), "user_id": str(user.get("UserId", ""))}
            self._identity(user, findings)
            self._tags(self._read_tags(api, user), findings)
        return replace(findings.result(self, expected=self._expected(), why=WHY), facts=facts)

    def _expected(self) -> str:
        subject, arn = self.subject, user_arn(self.subject)
        account = subject.account.caller.account_id
        name = f"user {show(arn)}" if arn else f"user {show(subject.user_name)} in account {account}"
        return name + (f" with id {show(subject.user_id)}" if subject.user_id else "")

    def _identity(self, user: Mapping[str, Any], findings: Findings) -> None:
        arn, id, expected = str(user.get("Arn", "")), str(user.get("UserId", "")), user_arn(self.subject)
        if expected and arn != expected:
            path = self.subject.request.path if self.subject.request else "/"
            move = user_command(self.clients, self.subject, "update-user", "--new-path", path)
            remedy = f"Check the path and the account in the request. To move the user to that path: {move}"
            findings.fail(f"the ARN is {show(arn)}", remedy)
        elif self.subject.user_id and id != self.subject.user_id:
            text = f"{show(arn)} has id {show(id)}: another caller deleted the user and created it again"
            findings.fail(text, REPLACED)
        else:
            findings.good(f"{show(arn)}, id {show(id)}")

    def _read_tags(self, api: Api, user: Mapping[str, Any]) -> dict[str, str]:
        # Some endpoints leave the tags out of GetUser.
        tags = user.get("Tags") or list_of_user(api, "iam:ListUserTags", "Tags", self.subject) or ()
        return {str(tag["Key"]): str(tag["Value"]) for tag in tags}

    def _tags(self, tags: Mapping[str, str], findings: Findings) -> None:
        if self.subject.request is None:
            managed = tags.get(MANAGED_TAG) == "true"
            unmanaged = f"not tagged {MANAGED_TAG}, so not created by breakglass-tui"
            findings.good("created by breakglass-tui" if managed else unmanaged)
            return
        wanted = {MANAGED_TAG: "true", **self.subject.request.tags}
        wrong = {key: value for key, value in wanted.items() if tags.get(key) != value}
        if not wrong:
            findings.good(tag_count(len(OWN_TAGS & tags.keys()), len(self.subject.request.tags)))
            return
        found = [
            f"{show(key)} is {f'{show(tags[key])}, not {show(value)}' if key in tags else 'missing'}"
            for key, value in wrong.items()
        ]
        pairs = [f"Key={key},Value={value}" for key, value in wrong.items()]
        command = user_command(self.clients, self.subject, "tag-user", "--tags", *pairs)
        findings.warn(f"tag {', '.join(found)}", f"Set the tags: {command}")
