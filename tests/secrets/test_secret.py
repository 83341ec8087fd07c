from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from dataclasses import dataclass

import pytest

from breakglass_tui.domain.questions import MfaCodes, StoreSecret
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault

TEXT = "hunter2-correct-horse"


@dataclass
class Holder:
    secret: Secret


@pytest.mark.parametrize(
    "shown",
    [
        str,
        repr,
        lambda s: f"{s}",
        lambda s: f"{s!r:>40}",
        lambda s: f"{s:>40}",
        lambda s: "%s %r" % (s, s),  # noqa: UP031 - this kind of formatting must be safe too
        lambda s: repr([s, {"k": s}, (s,)]),
        lambda s: repr(Holder(s)),
        lambda s: repr(MfaCodes("arn", s, s)),
        lambda s: repr(StoreSecret("Password", s)),
        lambda s: json.dumps({"s": s}, default=str),
        lambda s: repr(ValueError(s)),
    ],
)
def test_a_secret_shows_itself_nowhere(shown):
    assert TEXT not in shown(Secret(TEXT))


def test_a_secret_cannot_be_pickled_or_copied():
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="pickled or copied"):
            way(Secret(TEXT))
    with pytest.raises(TypeError):
        json.dumps(Secret(TEXT))


def test_a_secret_stays_out_of_logs_and_tracebacks(caplog):
    secret = Secret(TEXT)
    try:
        raise RuntimeError(secret)
    except RuntimeError:
        logging.getLogger("x").exception("failed with %s", secret)
        assert TEXT not in traceback.format_exc()
    assert TEXT not in caplog.text


def test_two_secrets_of_the_same_text_do_not_compare_equal():
    assert Secret(TEXT) != Secret(TEXT)


def test_a_secret_reveals_itself_until_it_is_wiped():
    secret = Secret(TEXT)
    assert secret.reveal() == TEXT
    secret.wipe()
    assert secret.reveal() == ""


def test_a_wiped_vault_is_empty_and_its_secrets_are_wiped():
    vault, secret = Vault(), Secret(TEXT)
    vault.put("access-key", secret)
    assert vault.get("access-key") is secret
    vault.wipe()
    assert vault.get("access-key") is None
    assert secret.reveal() == ""
