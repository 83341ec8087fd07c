"""Records with all kinds of contents, including hostile external text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from signing_kit import WHO, allow, ssh_key

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.user_history import DeviceAccepted, UserHistory
from breakglass_tui.report.report_document import report_document
from breakglass_tui.report.runbook import runbook, runbook_markdown
from breakglass_tui.report.signature_check import SignatureTrust

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NASTY = "<script>alert(1)</script> | `code` [/] [bold] [a](http://x) \x1b[31m\n# head\u202e & \"q\" 's'"


@pytest.fixture
def nasty() -> str:
    """Return hostile text that AWS could return."""
    return NASTY


@pytest.fixture
def interrupted(header) -> RunRecord:
    """Return an interrupted run: one step is done, one is running, and one has not started."""
    record = RunRecord()
    briefs = tuple(e.StepBrief(id, id.replace("-", " ")) for id in ("create-user", "access-key", "inline-policy"))
    record.apply(e.RunStarted(NOW, header, briefs))
    record.apply(e.StepStarted(NOW, "create-user"))
    record.apply(e.CallFinished(NOW, e.CallSource.STEP, "create-user", Call("iam:CreateUser", "req-1", 40)))
    facts = {"user_id": "AIDA1", "user_arn": "arn:aws:iam::123456789012:user/breakglass/bg-alice"}
    record.apply(e.StepFinished(NOW, "create-user", e.StepStatus.DONE, 410, NASTY, facts))
    record.apply(e.StepStarted(NOW, "access-key"))
    return record


@pytest.fixture
def finished(interrupted, tmp_path) -> RunRecord:
    """Return the same run after its end, with a validation."""
    path, who = str(tmp_path / "bg-alice.access-key.1+2.age"), ("age1custodian", f"ssh-ed25519 SHA256:x {NASTY}")
    envelope = e.EnvelopeInfo(path, ("access-key",), ("age",), "ab" * 32, who, needs=2)
    interrupted.apply(e.StepFinished(NOW, "access-key", e.StepStatus.DONE, 900, envelopes=(envelope,)))
    interrupted.apply(e.StepFinished(NOW, "inline-policy", e.StepStatus.UNCHANGED, 5))
    interrupted.apply(e.RunFinished(NOW + timedelta(seconds=2), e.RunStatus.DONE))
    calls = (Call("sts:GetCallerIdentity", "req-9", 80, 3, "InvalidClientTokenId"),)
    passed = CheckResult("access", "Access key works", CheckStatus.PASS, "answers", NASTY, calls=calls)
    interrupted.apply(e.CheckFinished(NOW, passed))
    pending = "the temporary password must still be changed"
    warned = CheckResult("mfa-devices", "MFA", CheckStatus.WARN, "one", "none", remedy=NASTY, pending=pending)
    interrupted.apply(e.CheckFinished(NOW, warned))
    for name in ("user-exists", "inline-policy"):
        interrupted.apply(e.CheckFinished(NOW, CheckResult(name, name, CheckStatus.PASS, "there", "there")))
    return interrupted


@pytest.fixture
def history() -> UserHistory:
    """Return the history of the user of ``finished``: two accepted devices, one of them in an older journal."""
    found = UserHistory()
    found.apply(DeviceAccepted(NOW, "AIDA1", f"arn:aws:iam::123456789012:mfa/{NASTY}", f"arn:aws:iam::1:user/{NASTY}"))
    found.apply(DeviceAccepted(NOW, "AIDA1", "GAHT12345678"))
    found.apply(DeviceAccepted(NOW, "AIDAANOTHER", "not-of-this-user"))
    return found


@pytest.fixture
def runbook_text(finished, tmp_path):
    """Return a function that changes the request and returns the runbook as Markdown."""

    def _text(**request):
        finished.header.request.update(request)
        return runbook_markdown(runbook(report_document(finished, tmp_path), finished.facts))

    return _text


@pytest.fixture
def key(tmp_path):
    """Return the path of Alice's private key."""
    return ssh_key(tmp_path / "alice")


@pytest.fixture
def trust(tmp_path, key):
    """Return the trust in the key of Alice."""
    return SignatureTrust(allowed_signers=allow(tmp_path / "allowed", WHO, key))
