"""The forms of AWS identifiers. A value from outside is compared with its form when it arrives.

Sources: the API references of IAM, STS, KMS, SNS and Organizations, and the AWS General Reference (ARNs). Character
classes are written in ASCII, because ``\\w`` and ``\\d`` accept letters and digits that AWS refuses. IAM accepts quotes
and dollar signs in a path, so an ARN of the right form still has to be quoted for a shell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from breakglass_tui.domain.text import show

LONGEST_SHOWN = 80


@dataclass(frozen=True)
class IdentifierForm:
    """The form of one kind of identifier. ``noun`` names the kind with its article."""

    noun: str
    pattern: re.Pattern[str]

    def error(self, value: object) -> str:
        """Return why ``value`` does not have this form, or an empty string if it has."""
        if isinstance(value, str) and self.pattern.fullmatch(value):
            return ""
        return f"{show(repr(value), LONGEST_SHOWN)} is not {self.noun}"


def _form(noun: str, pattern: str) -> IdentifierForm:
    return IdentifierForm(noun, re.compile(pattern))


_ARN = r"arn:aws[a-z0-9-]{0,16}:[a-z0-9-]{1,32}:[a-z0-9-]{0,32}:[a-z0-9-]{0,32}:[!-~]{1,1900}"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

ACCOUNT_ID = _form("an account id, which has twelve digits", r"[0-9]{12}")
ACCOUNT_ALIAS = _form("an account alias", r"[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]")
USER_NAME = _form("an IAM user name", r"[A-Za-z0-9_+=,.@-]{1,64}")
ROLE_NAME = _form("an IAM role name", r"[A-Za-z0-9_+=,.@-]{1,64}")
GROUP_NAME = _form("an IAM group name", r"[A-Za-z0-9_+=,.@-]{1,128}")
POLICY_NAME = _form("an IAM policy name", r"[A-Za-z0-9_+=,.@-]{1,128}")
PATH = _form("an IAM path", r"/|/(?:[!-.0-~]+/)+")
UNIQUE_ID = _form("a unique id of IAM", r"[A-Za-z0-9_]{1,128}")
CALLER_ID = _form("the user id of a caller", r"[A-Za-z0-9_+=,.@:-]{1,193}")
ACCESS_KEY_ID = _form("an access key id", r"[A-Za-z0-9_]{1,128}")
MFA_SERIAL = _form("the serial number of an MFA device", r"[A-Za-z0-9_+=/:,.@-]{1,256}")
VERSION_ID = _form("a version of a policy", r"v[1-9][0-9]{0,8}(?:\.[A-Za-z0-9-]*)?")
REGION = _form("a Region name", r"[a-z]{2,8}(?:-[a-z]+)+-[0-9]{1,2}")
ARN = _form("an ARN", _ARN)
KEY_ID = _form("a KMS key id", rf"{_UUID}|mrk-[0-9a-f]{{32}}")
KEY_REFERENCE = _form("a KMS key", rf"{_UUID}|mrk-[0-9a-f]{{32}}|{_ARN}")
KEY_ALIAS = _form("a KMS alias", r"alias/[A-Za-z0-9/_-]{1,250}")
SUBSCRIPTION = _form("an SNS subscription", rf"PendingConfirmation|Deleted|{_ARN}")
RUN_ID = _form("the id of a run", r"[0-9A-Za-z-]{1,64}")
