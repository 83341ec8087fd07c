"""The user's own credentials from its envelopes, with which a validation makes calls as the user."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from breakglass_tui.aws.mfa_codes import MfaCodeSource
from breakglass_tui.aws.steps.access_key import ACCESS_KEY
from breakglass_tui.cli.open_options import OpenOptions, missing_option, open_sealed
from breakglass_tui.cli.options import Options
from breakglass_tui.cli.problem_report import usage
from breakglass_tui.cli.streams import to_stderr
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import SetupRequest, parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.known_user import KnownUser
from breakglass_tui.report.recorded_envelopes import NAME as REPORT
from breakglass_tui.report.report_file import read_report
from breakglass_tui.secrets.envelope_reader import DOES_NOT_OPEN, OpenedEnvelope
from breakglass_tui.secrets.sealed_file import NOT_SEALED, SealedFile, read_sealed
from breakglass_tui.secrets.vault import Vault

KINDS = ("access-key", "mfa-seed")
"""The contents of envelopes that a validation can use. A password is not among them: only the sign-in page takes it."""


@dataclass
class OpenedUser:
    """The credentials from the opened envelopes, in ``vault``, and the public ids that belong to them."""

    vault: Vault = field(default_factory=Vault)
    access_key_id: str = ""
    mfa_serial: str = ""

    def subject(self, subject: Subject) -> Subject:
        """Return ``subject`` with these credentials."""
        return replace(
            subject,
            vault=self.vault,
            access_key_id=self.access_key_id or subject.access_key_id,
            mfa_serial=self.mfa_serial or subject.mfa_serial,
        )


def open_user(
    options: Options,
    known: KnownUser,
    given: OpenOptions,
    *,
    directory: Path | None,
    account_id: str,
    clock: Clock,
    clock_offset_s: float,
) -> OpenedUser:
    """Open one envelope with an access key and one with an MFA seed, with ``given``, and return the credentials.

    Without ``directory``, they are the envelopes of the run that created the user on this machine. The clock of AWS is
    ``clock_offset_s`` ahead of ``clock``. Raises ``Problem`` if no envelope opens, or if one belongs to another user or
    account.
    """
    opened, refusals = OpenedUser(), list[str]()
    try:
        for content in _contents(options, given, _envelopes(directory, known), refusals):
            _require_owner(content, known.user_name, account_id)
            _take(opened, content, clock, clock_offset_s)
    except BaseException:
        opened.vault.wipe()
        raise
    finally:
        given.wipe()
    if not opened.access_key_id and not opened.mfa_serial:
        raise usage(
            "No envelope of this user opens with what was given.",
            why=" ".join(dict.fromkeys(refusals)) or "There is no envelope of an access key or of an MFA seed.",
            next="Name the directory of the envelopes with --from, and give the identity or the passphrase.",
        )
    return opened


def request_of(directory: Path | None) -> SetupRequest | None:
    """Return the request in the report.json of ``directory``, or None if there is no valid one."""
    path = directory / REPORT if directory else None
    if path is None or not path.exists():
        return None
    request = read_report(path).document.get("request", {})
    try:
        return parse_request(dict(request)) if request.get("access") else None
    except Problem:
        return None


def _envelopes(directory: Path | None, known: KnownUser) -> tuple[Path, ...]:
    if directory is not None:
        return tuple(sorted(path for path in directory.iterdir() if path.is_file() and path.name != REPORT))
    if known.stored is None:
        raise usage(
            "No run on this machine created this user, so its envelopes are not known.",
            next="Name their directory with --from.",
        )
    return tuple(Path(envelope.path) for envelope in known.stored.record.envelopes)


def _contents(
    options: Options, given: OpenOptions, paths: Iterable[Path], refusals: list[str]
) -> Iterator[OpenedEnvelope]:
    """Yield one opened envelope for each of ``KINDS``.

    A text about each envelope that does not open goes to ``refusals``.
    """
    found = set[str]()
    for path in paths:
        sealed = _sealed(path)
        kind = next((kind for kind in KINDS if f".{kind}." in path.name), "")
        if sealed is None or kind in found or not kind:
            continue
        try:
            if sealed.kind != "kms" and missing_option(sealed, given) is not None:
                continue
            content = open_sealed(options, sealed, given)
        except Problem as problem:
            if problem.code != DOES_NOT_OPEN and sealed.kind != "kms":
                raise
            refusals.append(f"{show(path.name)}: {problem.why or problem.what}")
            continue
        found.add(kind)
        to_stderr(f"Opened {show(path.name)}.")
        yield content


def _sealed(path: Path) -> SealedFile | None:
    try:
        return read_sealed(path)
    except Problem as problem:
        if problem.code != NOT_SEALED:
            raise
        return None


def _require_owner(content: OpenedEnvelope, user_name: str, account_id: str) -> None:
    facts = content.facts
    if (facts["user"].casefold(), facts["account"]) != (user_name.casefold(), account_id):
        owner = f"{show(facts['user'])} of account {show(facts['account'])}"
        where = "Name the directory of this user's envelopes with --from."
        content.wipe()
        raise usage(f"The envelope belongs to {owner}.", next=where)


def _take(opened: OpenedUser, content: OpenedEnvelope, clock: Clock, clock_offset_s: float) -> None:
    if "secret_access_key" in content.secrets:
        opened.access_key_id = content.facts.get("access_key_id", "")
        opened.vault.put(ACCESS_KEY, content.secrets["secret_access_key"])
    if "seed" in content.secrets:
        opened.mfa_serial = content.facts.get("serial_number", "")
        # The current code may be unused, so it is tried. If IAM refuses it, the next code is used.
        seed = content.secrets["seed"]
        MfaCodeSource.remember(opened.vault, seed, clock, clock_offset_s=clock_offset_s, unused=True)
    content.document.wipe()
