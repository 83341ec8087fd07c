"""The script, run with the real AWS CLI, creates the same resources as a run of the engine with the same setup."""

from __future__ import annotations

import base64
import json
import stat
import time

import boto3
import pyotp
import pyrage

HOSTILE_PATH = '/$(touch${IFS}gone)/`id`/it\'s/"x";rm/\\n/%s/'
HOSTILE_NAME = "--help=,@file"
HOSTILE_GROUP = "-g,Key=@x"
HOSTILE_TEXT = "a \u2028\u2029\x85\x7f\xa0\n\t\x1b'$(id)`id`\\n\\101 é😀 0"
HOSTILE_TAGS = {"-note": "http://127.0.0.1:9/", "a=b Key": "file:///etc/passwd", "Key=x": "-- ü @"}


def opened_with_kms(place, file):
    """Return the secret in an envelope that KMS encrypted."""
    sealed = json.loads(file.read_text())
    answer = place.kms.decrypt(
        KeyId=sealed["key_arn"],
        CiphertextBlob=base64.b64decode(sealed["ciphertext"]),
        EncryptionContext=sealed["encryption_context"],
    )
    content = json.loads(answer["Plaintext"])
    for name, value in sealed["encryption_context"].items():
        assert content[name] == value
    return content["secret"]


def assert_not_leaked(ran, *secrets):
    for secret in secrets:
        assert len(secret) >= 20
        assert secret not in ran.output
        assert secret not in ran.given
    assert ran.left_over == []
    assert stat.S_IMODE(ran.directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in ran.directory.iterdir()} == {0o600}


def test_a_console_user_without_a_seal(place, setup_in, engine_run, run_script):
    engine, by_hand = place(), place()
    setup = setup_in(engine, password_reset_required=False)
    engine_run(engine, setup)
    ran = run_script(by_hand, setup)
    assert ran.code == 0, ran.output
    assert by_hand.state(setup) == engine.state(setup)
    (file,) = ran.directory.iterdir()
    assert file.name == "bg-script.password.clear.json"
    password = json.loads(file.read_text())["secret"]["password"]
    assert_not_leaked(ran, password)


def test_everything_sealed_with_kms(place, setup_in, engine_run, run_script):
    engine, by_hand = place(), place()
    role = "arn:aws:iam::123456789012:role/EmergencyAdmin"
    fields = {"access": "both", "mfa": "sealed", "require_mfa": True, "groups": ["emergency", "auditors"]}
    setup = setup_in(engine, **fields, role_arn=role, kms_key_id="alias/break-glass", tags={"team": "platform"})
    names = engine_run(engine, setup)
    # Variables that the caller exported under the names of the script must not reach its programs.
    ran = run_script(by_hand, setup, password="x", content="x", secret="x", seed="x", SHELLOPTS="allexport")
    assert ran.code == 0, ran.output
    assert by_hand.state(setup) == engine.state(setup)
    assert sorted(file.name for file in ran.directory.iterdir()) == names
    password, key, seed = (
        opened_with_kms(by_hand, ran.directory / f"bg-script.{contents}.kms.json")
        for contents in ("password", "access-key", "mfa-seed")
    )
    (made,) = by_hand.iam.list_access_keys(UserName="bg-script")["AccessKeyMetadata"]
    assert key["access_key_id"] == made["AccessKeyId"]
    user = boto3.Session(key["access_key_id"], key["secret_access_key"], region_name="eu-west-1")
    sts, iam = (user.client(service, endpoint_url=by_hand.demo.start()) for service in ("sts", "iam"))
    code = pyotp.TOTP(seed["seed"]).at(int(time.time()) + 30)
    assert sts.get_session_token(SerialNumber=seed["serial_number"], TokenCode=code)["Credentials"]
    iam.change_password(OldPassword=password["password"], NewPassword="Another-1-of-24-characters")
    assert_not_leaked(ran, password["password"], key["secret_access_key"], seed["seed"])


def test_hostile_names_and_two_of_three_custodians(place, setup_in, engine_run, run_script, custodians):
    engine, by_hand = place(), place()
    for account in (engine, by_hand):
        account.iam.create_group(GroupName=HOSTILE_GROUP)
    public = [str(one.to_public()) for one in custodians]
    names = {"user_name": HOSTILE_NAME, "path": HOSTILE_PATH, "groups": [HOSTILE_GROUP], "tags": HOSTILE_TAGS}
    sealed = {"seal_to": public, "seal_threshold": 2, "seal_mfa_to": public[:1]}
    setup = setup_in(engine, access="programmatic", mfa="authenticator", **names, **sealed)
    files = engine_run(engine, setup)
    ran = run_script(by_hand, setup)
    assert ran.code == 0, ran.output
    assert by_hand.state(setup) == engine.state(setup)
    assert sorted(file.name for file in ran.directory.iterdir()) == files
    outer = (ran.directory / f"{HOSTILE_NAME}.access-key.1+3.age").read_bytes()
    inner = pyrage.decrypt(outer, [custodians[2]])
    key = json.loads(pyrage.decrypt(inner, [custodians[0]]))["secret"]
    seed = json.loads(pyrage.decrypt((ran.directory / f"{HOSTILE_NAME}.mfa-seed.age").read_bytes(), custodians[:1]))
    assert_not_leaked(ran, key["secret_access_key"], seed["secret"]["seed"])


def test_a_trust_policy_with_control_characters(place, setup_in, engine_run, run_script):
    engine, by_hand = place(), place()
    (statement,) = engine.account.roles.items[0].trust["Statement"]
    condition = {"StringEquals": {"aws:PrincipalTag/note": HOSTILE_TEXT}}
    trust = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition}]}
    for account in (engine, by_hand):
        account.iam.update_assume_role_policy(RoleName="EmergencyAdmin", PolicyDocument=json.dumps(trust))
        account.read_again()
    setup = setup_in(engine, role_arn="arn:aws:iam::123456789012:role/EmergencyAdmin")
    engine_run(engine, setup)
    ran = run_script(by_hand, setup)
    assert ran.code == 0, ran.output
    assert by_hand.state(setup) == engine.state(setup)
    assert by_hand.state(setup)["trust"]["Statement"][0]["Condition"] == condition
