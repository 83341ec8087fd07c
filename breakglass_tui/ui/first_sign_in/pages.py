"""The instructions for each step of a first sign-in."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.shell_quoting import path_argument
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.first_sign_in.state import FirstSignInState, Stage
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.identity_bar import grouped
from breakglass_tui.ui.widgets.next_try import LOOKS_AGAIN, said
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain
from breakglass_tui.ui.widgets.user_facts import sign_in_url

LABEL = 14
IDENTITY = "the path of your age identity file. If the command has it several times, one for each custodian."
LONGEST = 4096
KEYS = "r  reveal for 15 s     c  copy"
GENERATING = "Generating the permanent password"
GENERATED = "It follows the password policy of the account."
SEALED = "It is sealed before you set it in AWS."
STORED = "This user has no seal. You store the password before you set it in AWS."
AHEAD = "Nothing has changed yet. The temporary password still works until you change it."
ONLY_THIS = (
    "Only this password is stored, and this program cannot see what you type in AWS. If you typed another one, change "
    "it to this one, in the console under Security credentials."
)
EXPORT = "Export the report now: on the Validation screen, press e."
FILE_WORD = "lasting means permanent"
"""Explains a word in the names of the envelopes of the permanent password."""
OLD_REPORTS = " Older reports name envelopes that are removed."


@dataclass(frozen=True, eq=False, repr=False)
class Page:
    """The instructions for one step of a first sign-in.

    ``secret`` is the password to use in this step, if this process knows it. ``keys`` has the keys that are not in the
    footer.
    """

    title: str
    facts: tuple[Paragraph, ...]
    secret: Secret | None = None
    keys: str = ""


def page(session: Session, state: FirstSignInState, *, signed_in: bool) -> Page:
    """Return the instructions for the current step of the first sign-in.

    ``signed_in`` says that the operator has signed in and must now set the new password.
    """
    if state.problem is not None:
        return _problem(state.problem, confirmed=state.stage is Stage.CONFIRMED)
    if state.stage is Stage.CONFIRMED:
        return Page("AWS has the permanent password", tuple(_kept(state)))
    if state.setup is None:
        return Page(GENERATING, (plain(GENERATED), plain(AHEAD)))
    if state.stage is Stage.SEALING:
        return Page(GENERATING, (plain(f"{GENERATED} {SEALED if state.seals else STORED}"), plain(AHEAD)))
    found = _new_password(session, state) if signed_in else _door(session, state)
    if state.unread is None:
        return found
    trouble = (plain(""), *_problem_lines(state.unread, "AWS could not be read: "), plain(said(LOOKS_AGAIN), indent=2))
    return Page(found.title, (*found.facts, *trouble), found.secret, found.keys)


def _door(session: Session, state: FirstSignInState) -> Page:
    assert state.setup is not None
    caller, request = state.setup.account.caller, state.setup.request
    known = sign_in_url(caller, request.region)
    address = known or "the sign-in page of this partition (unknown to this program)"
    rows = [
        ("Open", "The simulated account has no sign-in page. p simulates it." if _simulated(session) else address),
        ("Account", grouped(caller.account_id)),
        ("User name", show(state.user_name)),
        ("MFA", _mfa(session, state)),
        *_where(session, state.temporary, state.old_envelopes, "the temporary password"),
    ]
    rows.append(("Then", "continue when AWS asks for a new password"))
    go_on = "enter  continue"
    keys = f"{KEYS}     {go_on}" if state.temporary else go_on
    return Page("Sign in as this user, in a private window", tuple(labelled(rows, LABEL)), state.temporary, keys)


def _new_password(session: Session, state: FirstSignInState) -> Page:
    rows = [
        ("Old password", "the temporary password again (b goes back to it)"),
        *_where(session, state.permanent, state.new_envelopes, "this one, twice (copy it, do not type it)"),
    ]
    rows = [(label if label != "Password" else "New password", text) for label, text in rows]
    go_on = "enter  check that AWS accepted it"
    keys = f"{KEYS}     {go_on}" if state.permanent else go_on
    facts = (*labelled(rows, LABEL), plain(""), plain(ONLY_THIS, "$secondary"))
    return Page("Set the permanent password", facts, state.permanent, keys)


def _where(
    session: Session, secret: Secret | None, envelopes: Iterable[EnvelopeInfo], what: str
) -> list[tuple[str, str]]:
    """Return pairs of a label and a text that say where the operator finds the password.

    ``what`` describes the password. If this process does not know it, the texts have the commands that open its
    envelopes.
    """
    if secret is not None:
        return [("Password", what)]
    known = tuple(envelopes)
    if not known:
        return [("Password", f"{what}, as you stored it")]
    found = [_opening(session, envelope) for envelope in known if _opens_later(session, envelope)]
    if not found:
        return [("Password", f"{what}, sealed with a key of the simulated account")]
    commands = [("or with" if place else "Open it with", each) for place, each in enumerate(found)]
    placeholder = [("FILE", IDENTITY)] if any("--identity FILE" in each for each in found) else []
    return [("Password", f"{what}, in its envelope:"), *commands, *placeholder]


def _mfa(session: Session, state: FirstSignInState) -> str:
    assert state.setup is not None
    kind = state.setup.request.mfa
    if kind == "authenticator":
        return "the six-digit code of the enrolled authenticator"
    if kind != "sealed":
        return ""
    if _simulated(session):
        return "the six-digit code of the sealed seed. p simulates it."
    opening = [_opening(session, envelope) for envelope in state.seed_envelopes[:1]]
    return " ".join(["the six-digit code of the seed in this envelope:", *opening])


def _opens_later(session: Session, envelope: EnvelopeInfo) -> bool:
    """Return whether another process can open the envelope.

    The KMS keys of a simulated account end with this process.
    """
    return not (session.connection.demo and "kms" in envelope.seals)


def _opening(session: Session, envelope: EnvelopeInfo) -> str:
    """Return the command that opens the envelope. It has one ``--identity`` for each custodian that is needed.

    A path in the home directory starts with ``~``, which makes it shorter.
    """
    path, home = Path(envelope.path), Path.home()
    word = path_argument(envelope.path)
    if path.is_relative_to(home):
        word = f"~/{shlex.quote(str(path.relative_to(home)))}"
    identities = " --identity FILE" * envelope.needs if "age" in envelope.seals else ""
    return show(f"{session.connection.program} open{identities} {word}", LONGEST)


def _simulated(session: Session) -> bool:
    return session.connection.cloud is not None and session.connection.cloud.simulated_sign_in is not None


def _kept(state: FirstSignInState) -> Iterable[Paragraph]:
    names = [show(Path(envelope.path).name) for envelope in state.new_envelopes]
    kept = f"It is sealed in {', '.join(names)} ({FILE_WORD})." if names else "It is where you stored it."
    removed = ", and its envelopes are removed" if names else ""
    yield plain(f"{kept} The temporary password no longer works{removed}.")
    yield plain(EXPORT + (OLD_REPORTS if names else ""), "$secondary")


def _problem(problem: Problem, *, confirmed: bool) -> Page:
    title = "AWS has the permanent password, but the last steps failed" if confirmed else "The first sign-in failed"
    return Page(title, tuple(_problem_lines(problem)), keys="" if confirmed else "enter  retry     esc  cancel")


def _problem_lines(problem: Problem, before: str = "") -> Iterable[Paragraph]:
    yield plain(f"✗ {before}{show(problem.what, LONGEST)}", "$error")
    for text in (problem.why, problem.next):
        if text:
            yield plain(show(text, LONGEST), indent=2)


def truth(state: FirstSignInState) -> str:
    """Return which password works if the operator leaves now, and in which envelope it is."""
    old, new = _files(state.old_envelopes), _files(state.new_envelopes, f": {FILE_WORD}")
    temporary = f"The temporary password works{old}"
    if state.stage < Stage.SIGNING_IN:
        return f"Nothing has changed. {temporary}. To start again, press f on the Validation screen."
    header = state.validation.record.header
    # A simulated account ends with its process, so a later process cannot continue.
    where = "" if header is not None and header.demo else ", in this session or a later one"
    return (
        f"{temporary} until you change it in AWS. After that the permanent password works{new}. "
        f"Keep both until AWS has confirmed the change. To continue later, press f on the Validation screen{where}."
    )


def _files(envelopes: Iterable[EnvelopeInfo], explained: str = "") -> str:
    names = [show(Path(envelope.path).name) for envelope in envelopes]
    return f" ({', '.join(names)}{explained})" if names else " (from where you stored it)"
