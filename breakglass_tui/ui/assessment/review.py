"""Validate the draft, and make the plan from it."""

from __future__ import annotations

from typing import Any

from breakglass_tui.domain.conflicts import conflicts
from breakglass_tui.domain.problems import BadRequest, FieldError
from breakglass_tui.domain.request import parse_request
from breakglass_tui.domain.tag_text import parse_tags
from breakglass_tui.engine.compose import new_setup
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault
from breakglass_tui.ui.state.session import Session


def field_errors(session: Session) -> tuple[FieldError, ...]:
    """Return the errors of the draft, empty if it is valid.

    The rules of the fields come first. Then the fields that pass them are compared with the account.
    """
    data, errors = _readable(session)
    try:
        parse_request(data)
    except BadRequest as error:
        errors = (*errors, *error.errors)
    wrong = {error.field.partition(".")[0] for error in errors}
    return (*errors, *(found for found in _contradicted(session, data, wrong) if found.field not in wrong))


def review(session: Session) -> tuple[FieldError, ...]:
    """Store the setup and the plan of the draft in ``session``, and return an empty tuple.

    If the draft is invalid, return its errors and change nothing.

    Raises:
        Problem: no plan can be made.
    """
    errors, run, connection = field_errors(session), session.run, session.connection
    if errors or connection.account is None or connection.cloud is None:
        return errors
    request = parse_request(session.draft.as_mapping())
    directory = session.directory / request.user_name
    vault = _vault(session.draft.passphrase)
    signer = connection.signer()
    setup = new_setup(request, connection.account, directory, vault=vault, clock=session.clock, signer=signer)
    run.plan = connection.cloud.plan(setup)
    if run.setup is not None:
        run.setup.vault.wipe()
    run.setup = setup
    run.preflight.clear()
    run.prechecking = False
    return ()


def _vault(passphrase: Secret | None) -> Vault:
    """Return a vault for the run, with a copy of ``passphrase``.

    It is a copy because the run wipes its vault, while the draft may need the passphrase again.
    """
    vault = Vault()
    if passphrase is not None:
        vault.put(PASSPHRASE, Secret(passphrase.reveal()))
    return vault


def _readable(session: Session) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    data = session.draft.without_tags()
    try:
        return {**data, "tags": parse_tags(session.draft.tags)}, ()
    except ValueError as error:
        return data, (FieldError("tags", str(error)),)


def _contradicted(session: Session, data: dict[str, Any], wrong: set[str]) -> tuple[FieldError, ...]:
    """Return the conflicts between the draft and the account.

    ``wrong`` has the names of invalid fields, which are ignored.
    """
    if session.connection.account is None:
        return ()
    right = {"region": session.connection.account.region} | {
        name: value for name, value in data.items() if name not in wrong
    }
    try:
        return conflicts(parse_request(right), session.connection.account)
    except BadRequest:
        return ()
