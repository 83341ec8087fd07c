"""The App's work on the account: reaching it, reading it, trying again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work

from breakglass_tui.ui import messages as m
from breakglass_tui.ui import threads
from breakglass_tui.ui.shell.base import SessionApp

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account


class AccountWork(SessionApp):
    """Tells every change through ``account_changed``."""

    def on_mount(self) -> None:
        """Paint first, connect then."""
        self.call_after_refresh(self._connect)

    @work(thread=True, group="connect", exit_on_error=False, description="connect")
    def _connect(self) -> None:
        threads.connect(self.session, self.post_message)

    @on(m.Connected)
    def _connected(self, message: m.Connected) -> None:
        self.session.cloud, self.session.caller, self.session.trouble = message.cloud, message.caller, None
        if not self.session.draft.region:
            self.session.draft.region = message.cloud.region
        self.account_changed.publish(None)

    @on(m.AccountRead)
    def _account_read(self, message: m.AccountRead) -> None:
        self.session.account = message.account
        self.account_changed.publish(None)

    @on(m.Troubled)
    def _troubled(self, message: m.Troubled) -> None:
        self.session.trouble = message.problem
        self.account_changed.publish(None)

    def action_retry(self) -> None:
        """Try to reach the account once more."""
        if self.session.trouble is not None:
            self.session.trouble = None
            self.account_changed.publish(None)
            self._connect()

    def read_keys(self, region: str) -> None:
        """Read the KMS keys of another Region; ``account_changed`` tells when they are there."""
        if self.session.account is not None and region != self.session.account.region:
            self._read_keys(region)

    @work(thread=True, group="keys", exit_on_error=False, description="keys")
    def _read_keys(self, region: str) -> None:
        threads.read_keys(self.session, region, self.post_message)

    @on(m.KeysRead)
    def _keys_read(self, message: m.KeysRead) -> None:
        if self.session.account is not None and message.region == self.session.draft.region:
            self.session.account = _with_keys(self.session.account, message)
            self.account_changed.publish(None)


def _with_keys(account: Account, message: m.KeysRead) -> Account:
    from dataclasses import replace

    return replace(account, region=message.region, keys=message.keys)
