"""One process of a first sign-in: it seals the password, reads AWS once, and records the result."""

from __future__ import annotations

from breakglass_tui.aws.connect import connect
from breakglass_tui.domain.account import Account
from breakglass_tui.engine.compose import resumed_setup
from breakglass_tui.engine.first_sign_in import FirstSignIn, PasswordChecked, SignInEvent, first_sign_in
from breakglass_tui.engine.known_user import known_user
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.settings import runs_root

COMMAND = "first-sign-in"
"""A command that replaces the key on the screen."""


def sign_in_once(endpoint: str, user_name: str) -> int:
    """Run it as the screen does for a user of an earlier process. It ends when AWS waits for the operator."""
    cloud, store = connect(endpoint_url=endpoint), RunStore(runs_root(demo=False))
    caller = cloud.identify()
    stored = known_user(store, caller.account_id, user_name, cloud.place).stored
    assert stored is not None
    work = first_sign_in(cloud, resumed_setup(stored, Account(caller, "eu-west-1")), stored, store)
    work.run(lambda news: _leave(work, news))
    return 0


def _leave(work: FirstSignIn, news: SignInEvent) -> None:
    if isinstance(news, PasswordChecked) and news.pending:
        work.stop()
