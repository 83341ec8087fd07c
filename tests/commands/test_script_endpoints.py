"""The script calls the endpoint of its plan and ignores every configured one."""

from __future__ import annotations

import json
import subprocess

NOWHERE = "http://127.0.0.1:9"
SERVICES = ("IAM", "KMS", "STS")


def configuration(tmp_path, url):
    """Return the environment that configures ``url`` in every way that the AWS CLI supports.

    Source: AWS SDKs and Tools Reference Guide, service-specific endpoints.
    """
    file = tmp_path / "config"
    services = "".join(f"{service.lower()} =\n  endpoint_url = {url}\n" for service in SERVICES)
    file.write_text(f"[default]\nservices = all\nendpoint_url = {url}\n[services all]\n{services}")
    named = {f"AWS_ENDPOINT_URL_{service}": url for service in SERVICES}
    return {"AWS_CONFIG_FILE": str(file), "AWS_ENDPOINT_URL": url, **named}


def test_configured_endpoints_are_ignored_for_the_endpoint_of_the_plan(place, setup_in, run_script, tmp_path):
    there = place()
    setup = setup_in(there, kms_key_id="alias/break-glass")
    ran = run_script(there, setup, **configuration(tmp_path, NOWHERE))
    assert ran.code == 0, ran.output
    sealed = json.loads((ran.directory / "bg-script.password.kms.json").read_text())
    assert sealed["key_arn"].startswith("arn:aws:kms:")


def test_without_an_endpoint_of_the_plan_no_configured_one_is_called(place, setup_in, run_script, proxy_of, tmp_path):
    there = place()
    proxy = proxy_of(there)
    # No request leaves this machine: the proxy of the environment is a closed port.
    environment = {**configuration(tmp_path, proxy.url), "HTTPS_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1"}
    ran = run_script(there, setup_in(there), endpoint=None, **environment)
    assert ran.code != 0
    assert proxy.seen == {}
    assert "AWS_ENDPOINT_URL" not in ran.given


def test_the_printed_removal_ignores_configured_endpoints_too(place, setup_in, run_script, tmp_path):
    there = place()
    ran = run_script(there, setup_in(there, seal_to=["age1nobody"]))
    assert ran.code != 0
    environment = {**ran.environment, **configuration(tmp_path, NOWHERE)}
    done = subprocess.run(
        ["bash", "-c", ran.printed_removal], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert "bg-script" not in [user["UserName"] for user in there.iam.list_users()["Users"]], done.stderr
