"""The check ``user-exists``: the user is there, is the one that was made, and nothing caps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import NEW_USER, command, gone, listed, settled, user_arn
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.consistency import GOOD_READS
from breakglass_tui.domain.checks import MISSION, CheckResult
from breakglass_tui.domain.ownership import MANAGED_TAG
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.step_context import StepContext

WHY = "Everything else hangs on this user; one that was deleted and made anew no longer matches what trusted it."


@dataclass(frozen=True)
class UserExistsCheck:
    """GetUser: ARN with its path, unique id, tags and permissions boundary."""

    clients: Clients
    subject: Subject
    id = "user-exists"
    title = MISSION["user-exists"]

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the user and hold it against the request."""
        api, answers = Api(self.clients, context), [dict[str, Any]()]

        def there() -> bool:
            answers.append(api.found("iam:GetUser", UserName=self.subject.user_name) or {})
            return bool(answers[-1])

        settled(context, self.subject, there, good=GOOD_READS)
        findings, facts = Findings(), dict[str, str]()
        user = answers[-1].get("User")
        if user is None:
            findings.fail(gone(self.subject), NEW_USER)
        else:
            facts = {"user_arn": str(user.get("Arn", "")), "user_id": str(user.get("UserId", ""))}
            self._identity(user, findings)
            self._tags(self._read_tags(api, user), findings)
            self._boundary(user, findings)
        return replace(findings.result(self, expected=self._expected(), why=WHY), facts=facts)

    def _expected(self) -> str:
        subject = self.subject
        arn = user_arn(subject)
        what = f"user {show(arn)}" if arn else f"user {show(subject.user_name)} in {subject.account.caller.account_id}"
        return what + (f" with id {show(subject.user_id)}" if subject.user_id else "")

    def _identity(self, user: Mapping[str, Any], findings: Findings) -> None:
        arn, id, expected = str(user.get("Arn", "")), str(user.get("UserId", "")), user_arn(self.subject)
        if expected and arn != expected:
            next = "Check the path and the account in the request; IAM moves a user with: "
            path = self.subject.request.path if self.subject.request else "/"
            findings.fail(f"the ARN is {show(arn)}", next + command(self.subject, "update-user", "--new-path", path))
        elif self.subject.user_id and id != self.subject.user_id:
            next = "Find out who deleted it (CloudTrail, DeleteUser), remove this one, and set up a new emergency user."
            findings.fail(f"{show(arn)} has id {show(id)}: it was deleted and made anew by somebody else", next)
        else:
            findings.good(f"{show(arn)}, id {show(id)}")

    def _read_tags(self, api: Api, user: Mapping[str, Any]) -> dict[str, str]:
        # Some endpoints leave the tags out of GetUser.
        tags = user.get("Tags") or listed(api, "iam:ListUserTags", "Tags", self.subject) or ()
        return {str(tag["Key"]): str(tag["Value"]) for tag in tags}

    def _tags(self, tags: Mapping[str, str], findings: Findings) -> None:
        managed = tags.get(MANAGED_TAG) == "true"
        if self.subject.request is None:
            findings.good("made by this tool" if managed else f"not tagged {MANAGED_TAG}, so made by something else")
            return
        wanted = {MANAGED_TAG: "true", **self.subject.request.tags}
        wrong = {key: value for key, value in wanted.items() if tags.get(key) != value}
        if not wrong:
            findings.good(f"{len(wanted)} tags as asked for" if len(wanted) > 1 else f"tagged {MANAGED_TAG}")
            return
        told = ", ".join(f"{show(key)} is {show(tags[key]) if key in tags else 'missing'}" for key in wrong)
        pairs = [f"Key={key},Value={value}" for key, value in wrong.items()]
        findings.warn(f"tag {told}", "Tag it: " + command(self.subject, "tag-user", "--tags", *pairs))

    def _boundary(self, user: Mapping[str, Any], findings: Findings) -> None:
        boundary = user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        if boundary:
            findings.warn(
                f"the permissions boundary {show(str(boundary))} limits what AdministratorAccess gives",
                "If nobody meant it, remove it: " + command(self.subject, "delete-user-permissions-boundary"),
            )
