"""The MFA device: codes of the operator and of the tool, refused ones explained and asked for again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from breakglass_tui.domain.events import Asked, RunStatus, StepStatus
from breakglass_tui.secrets.secret import Secret


def codes(asked: Asked) -> tuple[str, str]:
    totp, now = pyotp.TOTP(asked.question.seed.reveal()), int(time.time())
    return totp.at(now - 30), totp.at(now)


class Operator:
    """Types the given answers one after the other, then the right codes."""

    def __init__(self, *answers: Callable[[Asked], tuple[str, str]] | tuple[str, str]) -> None:
        self.answers = list(answers)
        self.refused: list[str] = []

    def __call__(self, asked: Asked, run: Any) -> tuple[str, str]:
        self.refused.append(asked.question.refused)
        if not self.answers:
            return codes(asked)
        answer = self.answers.pop(0)
        return answer(asked) if callable(answer) else answer


@pytest.fixture
def authenticator(lab: Any) -> Any:
    return lab.setup(access="programmatic", mfa="authenticator", kms_key_id="alias/break-glass")


def test_the_question_carries_what_the_app_scans(lab: Any, authenticator: Any) -> None:
    told = lab.run(authenticator)
    (question,) = told.asked
    parsed = pyotp.parse_uri(question.uri.reveal())
    assert parsed.secret == question.seed.reveal()
    assert parsed.name == f"{lab.name}@123456789012"
    assert question.device == told.record.facts["mfa_serial"]
    assert lab.devices(lab.name) == [f"arn:aws:iam::123456789012:mfa/{lab.name}-{told.setup.run_id[:8]}"]


@pytest.mark.parametrize(
    ("typed", "explained"),
    [
        (("12345", "123456"), "exactly six digits"),
        (("abcdef", "123456"), "exactly six digits"),
        (("١٢٣٤٥٦", "123456"), "exactly six digits"),
        (("", ""), "exactly six digits"),
        (("123456", "123456"), "the same code twice"),
    ],
)
def test_codes_that_cannot_be_right_are_not_sent(
    lab: Any, authenticator: Any, typed: tuple[str, str], explained: str
) -> None:
    operator = Operator(typed)
    told = lab.run(authenticator, operator)

    assert told.record.status is RunStatus.DONE
    assert explained in operator.refused[1]
    assert told.calls("iam:EnableMFADevice") == 1


def test_wrong_codes_are_explained_and_asked_for_again(lab: Any, authenticator: Any) -> None:
    operator = Operator(("000000", "000001"), ("000002", "000003"))
    told = lab.run(authenticator, operator)

    assert operator.refused[0] == ""
    assert "clock" in operator.refused[1]
    assert "older one first" in operator.refused[2]
    assert told.calls("iam:EnableMFADevice") == 3
    assert told.record.status is RunStatus.DONE


def test_a_code_that_was_handed_in_before_is_not_sent_again(lab: Any, authenticator: Any) -> None:
    operator = Operator(("000000", "000001"), ("000001", "000002"))
    told = lab.run(authenticator, operator)

    assert "handed in before" in operator.refused[2]
    assert told.calls("iam:EnableMFADevice") == 2
    assert told.record.status is RunStatus.DONE


def test_spaces_in_a_code_do_not_matter(lab: Any, authenticator: Any) -> None:
    told = lab.run(authenticator, Operator(lambda asked: tuple(f"{c[:3]} {c[3:]}" for c in codes(asked))))
    assert told.calls("iam:EnableMFADevice") == 1
    assert told.record.status is RunStatus.DONE


def test_stopping_before_the_codes_removes_the_device(lab: Any, authenticator: Any) -> None:
    def stop(asked: Asked, run: Any) -> None:
        run.stop("undo")

    told = lab.run(authenticator, stop)
    assert told.record.steps["mfa-device"].status is StepStatus.UNDONE
    assert lab.nothing_left()


def test_the_seed_is_sealed_before_the_device_is_enabled(lab: Any, authenticator: Any) -> None:
    def look(asked: Asked, run: Any) -> tuple[str, str]:
        assert f"{lab.name}.mfa-seed.kms.json" in lab.envelopes()
        return codes(asked)

    assert lab.run(authenticator, look).record.status is RunStatus.DONE


def test_the_tool_waits_for_codes_that_it_never_handed_in(
    lab: Any, monkeypatch: pytest.MonkeyPatch, lab_clock: Any
) -> None:
    """The codes depend on the clock; the first two pairs are refused."""
    client = lab.clients.get("iam", region="eu-west-1", writes=True)
    real, handed_in = client.enable_mfa_device, []
    monkeypatch.setattr(type(lab_clock), "now", lambda self: datetime.now(UTC) + timedelta(seconds=self.waited))

    def refuse(**parameters: Any) -> Any:
        handed_in.append((parameters["AuthenticationCode1"], parameters["AuthenticationCode2"]))
        if len(handed_in) < 3:
            raise client.exceptions.InvalidAuthenticationCodeException(
                {"Error": {"Code": "InvalidAuthenticationCode", "Message": "no"}}, "EnableMFADevice"
            )
        seed = Secret(told_seed[0])
        totp, now = pyotp.TOTP(seed.reveal()), int(time.time())
        return real(**{**parameters, "AuthenticationCode1": totp.at(now - 30), "AuthenticationCode2": totp.at(now)})

    told_seed: list[str] = []
    keep = client.create_virtual_mfa_device

    def remember(**parameters: Any) -> Any:
        answer = keep(**parameters)
        told_seed.append(answer["VirtualMFADevice"]["Base32StringSeed"].decode())
        return answer

    monkeypatch.setattr(client, "create_virtual_mfa_device", remember)
    monkeypatch.setattr(client, "enable_mfa_device", refuse)
    told = lab.run(lab.setup(mfa="sealed", kms_key_id="alias/break-glass"))

    assert told.record.status is RunStatus.DONE, told.record.problem
    assert len(handed_in) == 3
    assert len({code for pair in handed_in for code in pair}) == 6
    assert lab_clock.waited <= 120


def test_codes_that_are_never_accepted_end_the_run_and_name_the_clock(lab: Any, spoil: Any) -> None:
    fault = spoil("enable_mfa_device", code="InvalidAuthenticationCode")
    told = lab.run(lab.setup(mfa="sealed", kms_key_id="alias/break-glass"))

    assert fault.seen == 3
    assert "clock" in told.record.problem.why
    assert told.record.status is RunStatus.UNDONE
    assert lab.nothing_left()


def test_a_device_that_is_not_visible_yet_is_waited_for(lab: Any, spoil: Any) -> None:
    spoil("enable_mfa_device", code="NoSuchEntity", times=4)
    assert lab.run(lab.setup(mfa="sealed", kms_key_id="alias/break-glass")).record.status is RunStatus.DONE
