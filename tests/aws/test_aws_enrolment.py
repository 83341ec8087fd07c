"""The MFA device: codes of the operator or of the program, and refused codes that are explained and asked for again."""

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
    """An operator who types the given answers one by one, then valid codes."""

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


def test_the_question_has_the_uri_that_the_app_scans(lab: Any, authenticator: Any) -> None:
    outcome = lab.run(authenticator)
    (question,) = outcome.asked
    parsed = pyotp.parse_uri(question.uri.reveal())
    assert parsed.secret == question.seed.reveal()
    assert parsed.name == f"{lab.name}@123456789012"
    assert question.device == outcome.record.facts["mfa_serial"]
    assert lab.devices(lab.name) == [f"arn:aws:iam::123456789012:mfa/{lab.name}-{outcome.setup.run_id[:8]}"]


@pytest.mark.parametrize(
    ("typed", "explained"),
    [
        (("12345", "123456"), "exactly six digits"),
        (("abcdef", "123456"), "exactly six digits"),
        (("١٢٣٤٥٦", "123456"), "exactly six digits"),
        (("", ""), "exactly six digits"),
        (("123456", "123456"), "Both codes are the same"),
    ],
)
def test_invalid_codes_are_not_sent(lab: Any, authenticator: Any, typed: tuple[str, str], explained: str) -> None:
    operator = Operator(typed)
    outcome = lab.run(authenticator, operator)

    assert outcome.record.status is RunStatus.DONE
    assert explained in operator.refused[1]
    assert outcome.calls("iam:EnableMFADevice") == 1


def shifted(*periods: int) -> Callable[[Asked], tuple[str, str]]:
    """Return an answer with the codes of these periods, relative to now."""

    def answer(asked: Asked) -> tuple[str, str]:
        totp, now = pyotp.TOTP(asked.question.seed.reveal()), int(time.time())
        first, second = (totp.at(now + 30 * period) for period in periods)
        return first, second

    return answer


@pytest.mark.parametrize(
    ("typed", "explained"),
    [
        (("000000", "000001"), "not codes of this device"),
        (shifted(0, -1), "older one first"),
        (shifted(-4, -3), "90 s old"),
        (shifted(-19, -18), "540 s old"),
        (shifted(-60, -59), "not codes of this device"),
        (shifted(2, 3), "90 s ahead"),
        (shifted(-2, 0), "not codes of this device"),
    ],
)
def test_codes_that_are_not_current_are_not_sent(lab: Any, authenticator: Any, typed: Any, explained: str) -> None:
    """AWS accepts late codes and then refuses all later ones: the device is out of sync (EnableMFADevice)."""
    operator = Operator(typed)
    outcome = lab.run(authenticator, operator)

    assert explained in operator.refused[1]
    assert outcome.calls("iam:EnableMFADevice") == 1
    assert outcome.record.status is RunStatus.DONE


@pytest.mark.parametrize("periods", [(-2, -1), (-1, 0), (0, 1)])
def test_current_codes_are_sent_at_once(lab: Any, authenticator: Any, periods: tuple[int, int]) -> None:
    operator = Operator(shifted(*periods))
    outcome = lab.run(authenticator, operator)

    assert operator.refused == [""]
    assert outcome.calls("iam:EnableMFADevice") == 1
    assert outcome.record.status is RunStatus.DONE


@pytest.mark.parametrize("mfa", ["authenticator", "sealed"])
@pytest.mark.parametrize("seconds", [-250, -50, 50, 250])
def test_a_wrong_clock_of_this_machine_does_not_matter(
    lab: Any, monkeypatch: pytest.MonkeyPatch, lab_clock: Any, mfa: str, seconds: int
) -> None:
    """The time of AWS counts. It is in the Date header of each answer."""
    monkeypatch.setattr(type(lab_clock), "now", lambda _: datetime.now(UTC) + timedelta(seconds=seconds))
    operator = Operator()
    outcome = lab.run(lab.setup(access="programmatic", mfa=mfa, kms_key_id="alias/break-glass"), operator)

    assert operator.refused in ([], [""])
    assert outcome.record.status is RunStatus.DONE
    assert not lab.out_of_sync(outcome.record.facts["mfa_serial"])


def test_codes_that_aws_refuses_are_explained_and_asked_for_again(lab: Any, authenticator: Any, spoil: Any) -> None:
    spoil("enable_mfa_device", code="InvalidAuthenticationCode", times=1)
    operator = Operator(shifted(-2, -1), shifted(0, 1))
    outcome = lab.run(authenticator, operator)

    assert operator.refused[0] == ""
    assert "clock" in operator.refused[1]
    assert outcome.calls("iam:EnableMFADevice") == 2
    assert outcome.record.status is RunStatus.DONE


def test_a_submitted_code_is_not_sent_again(lab: Any, authenticator: Any, spoil: Any) -> None:
    spoil("enable_mfa_device", code="InvalidAuthenticationCode", times=1)
    operator = Operator(shifted(-2, -1), shifted(-1, 0), shifted(0, 1))
    outcome = lab.run(authenticator, operator)

    assert "already submitted" in operator.refused[2]
    assert outcome.calls("iam:EnableMFADevice") == 2
    assert outcome.record.status is RunStatus.DONE


def test_spaces_in_a_code_do_not_matter(lab: Any, authenticator: Any) -> None:
    outcome = lab.run(authenticator, Operator(lambda asked: tuple(f"{c[:3]} {c[3:]}" for c in codes(asked))))
    assert outcome.calls("iam:EnableMFADevice") == 1
    assert outcome.record.status is RunStatus.DONE


def test_stopping_before_the_codes_removes_the_device(lab: Any, authenticator: Any) -> None:
    def stop(asked: Asked, run: Any) -> None:
        run.stop("undo")

    outcome = lab.run(authenticator, stop)
    assert outcome.record.steps["mfa-device"].status is StepStatus.UNDONE
    assert lab.nothing_left()


def test_the_seed_is_sealed_before_the_device_is_enabled(lab: Any, authenticator: Any) -> None:
    def look(asked: Asked, run: Any) -> tuple[str, str]:
        assert f"{lab.name}.mfa-seed.kms.json" in lab.envelopes()
        return codes(asked)

    assert lab.run(authenticator, look).record.status is RunStatus.DONE


def test_the_program_waits_for_unused_codes(lab: Any, monkeypatch: pytest.MonkeyPatch, lab_clock: Any) -> None:
    """The codes depend on the clock. The first two pairs are refused."""
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
    outcome = lab.run(lab.setup(mfa="sealed", kms_key_id="alias/break-glass"))

    assert outcome.record.status is RunStatus.DONE, outcome.record.problem
    assert len(handed_in) == 3
    assert len({code for pair in handed_in for code in pair}) == 6
    assert lab_clock.waited <= 120


def test_codes_that_are_never_accepted_end_the_run_and_name_the_clock(lab: Any, spoil: Any) -> None:
    fault = spoil("enable_mfa_device", code="InvalidAuthenticationCode")
    outcome = lab.run(lab.setup(mfa="sealed", kms_key_id="alias/break-glass"))

    assert fault.seen == 3
    assert "clock" in outcome.record.problem.why
    assert outcome.record.status is RunStatus.UNDONE
    assert lab.nothing_left()


def test_a_device_that_is_not_visible_yet_is_waited_for(lab: Any, spoil: Any) -> None:
    spoil("enable_mfa_device", code="NoSuchEntity", times=4)
    assert lab.run(lab.setup(mfa="sealed", kms_key_id="alias/break-glass")).record.status is RunStatus.DONE
