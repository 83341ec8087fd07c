"""AccountWork: the part of the App that connects to the account and reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from breakglass_tui.ui.shell.base import SessionApp

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account
    from breakglass_tui.ui import messages as m


class AccountWork(SessionApp):
    """App mixin that connects to the account and reads it. Each change publishes ``account_changed``."""

    def on_mount(self) -> None:
        """Connect after the first paint."""
        self.call_after_refresh(self._connect)

    @work(thread=True, group="connect", exit_on_error=False, description="connect")
    def _connect(self) -> None:
        from breakglass_tui.ui.threads import connect

        connect(self.session, self.post_message)

    def _on_connected(self, message: m.Connected) -> None:
        self.session.cloud, self.session.caller, self.session.trouble = message.cloud, message.caller, None
        if not self.session.draft.region:
            self.session.draft.region = message.cloud.region
        self.account_changed.publish(None)
        self.caller_known()

    def caller_known(self) -> None:
        """React to the identified caller. Subclasses override this to read what depends on the caller."""

    def _on_account_read(self, message: m.AccountRead) -> None:
        self.session.account = message.account
        self.account_changed.publish(None)

    def _on_troubled(self, message: m.Troubled) -> None:
        self.session.trouble = message.problem
        self.account_changed.publish(None)

    def reach_again(self) -> None:
        """Find credentials and read the account again. Do nothing while that is in progress."""
        if any(worker.group == "connect" and worker.is_running for worker in self.workers):
            return
        self.session.trouble = self.session.account = self.session.past = None
        self.account_changed.publish(None)
        self._connect()

    def read_keys(self, region: str) -> None:
        """Read the KMS keys of ``region``, if it is not the Region whose keys were read.

        The result publishes ``account_changed``.
        """
        if self.session.account is not None and region != self.session.account.region:
            self._read_keys(region)

    @work(thread=True, group="keys", exit_on_error=False, description="keys")
    def _read_keys(self, region: str) -> None:
        from breakglass_tui.ui.threads import read_keys

        read_keys(self.session, region, self.post_message)

    def _on_keys_read(self, message: m.KeysRead) -> None:
        if self.session.account is not None and message.region == self.session.draft.region:
            self.session.account = _with_keys(self.session.account, message)
            self.account_changed.publish(None)


def _with_keys(account: Account, message: m.KeysRead) -> Account:
    from dataclasses import replace

    return replace(account, region=message.region, keys=message.keys)
