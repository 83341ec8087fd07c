"""AccountController: connects to the account and reads it, in threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.session import Session

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud

CONNECT = "connect"
"""The group of the thread that connects to the account and reads it."""


class AccountController:
    """Connects to the account and reads it. Each change publishes ``account_changed`` of the App.

    ``caller_known`` is called when the caller has been identified.
    """

    caller_known: Callable[[], object]

    def __init__(self, app: SessionApp) -> None:
        self._app = app

    @property
    def _session(self) -> Session:
        return self._app.session

    def connect(self) -> None:
        """Find credentials, identify the caller, and read the account. Do nothing while that is in progress."""
        if self._app.is_active(CONNECT):
            return
        self._app.start_thread(self._read, CONNECT)

    def reach_again(self) -> None:
        """Connect and read the account again. Do nothing while that is in progress."""
        if self._app.is_active(CONNECT):
            return
        connection = self._session.connection
        connection.trouble = connection.account = self._session.journals.history = None
        self._app.account_changed.publish(None)
        self.connect()

    def _read(self) -> None:
        from breakglass_tui.engine.compose import new_name
        from breakglass_tui.ui.load_ahead import load_ahead

        post, session = self._app.call_later, self._session
        try:
            post(self._name_generated, new_name(session.clock))
            cloud = session.connection.connect()
            caller = cloud.identify()
            post(self._connected, cloud, caller)
            for account in cloud.assess(session.draft.region or cloud.region, caller):
                post(self._account_read, account)
            load_ahead()
        except Exception as error:  # noqa: BLE001 - the operator must see every error
            post(self._failed, as_problem(error))

    def _name_generated(self, name: str) -> None:
        draft = self._session.draft
        draft.generated_name = draft.generated_name or name

    def _connected(self, cloud: Cloud, caller: Caller) -> None:
        connection, draft = self._session.connection, self._session.draft
        connection.cloud, connection.caller, connection.trouble = cloud, caller, None
        draft.region = draft.region or cloud.region
        self._app.account_changed.publish(None)
        self.caller_known()

    def _account_read(self, account: Account) -> None:
        self._session.connection.account = account
        self._app.account_changed.publish(None)

    def _failed(self, problem: Problem) -> None:
        self._session.connection.trouble = problem
        self._app.account_changed.publish(None)

    def read_keys(self, region: str) -> None:
        """Read the KMS keys of ``region``, if it is not the Region whose keys were read."""
        account = self._session.connection.account
        if account is not None and region != account.region:
            self._app.start_thread(lambda: self._read_keys(region), "keys")

    def _read_keys(self, region: str) -> None:

        cloud = self._session.connection.cloud
        assert cloud is not None
        try:
            keys = cloud.keys(region)
        except Problem as problem:
            keys = AccountList(problem=problem)
        self._app.call_later(self._keys_read, region, keys)

    def _keys_read(self, region: str, keys: AccountList[KmsKey]) -> None:
        if region == self._session.draft.region:
            self._session.connection.take_keys(region, keys)
            self._app.account_changed.publish(None)

    def read_users(self) -> None:
        """Read the users of the account again. If the account has not been read yet, read all of it."""
        if self._session.connection.account is None:
            self.connect()
        else:
            self._app.start_thread(self._read_users, "users")

    def _read_users(self) -> None:

        cloud = self._session.connection.cloud
        assert cloud is not None
        try:
            users = cloud.users()
        except Exception as error:  # noqa: BLE001 - the operator must see every error
            users = AccountList(problem=as_problem(error))
        self._app.call_later(self._users_read, users)

    def _users_read(self, users: AccountList[User]) -> None:
        self._session.connection.take_users(users)
        self._app.account_changed.publish(None)
