"""What there is to do now in a first sign-in: a title, what belongs to it, a password, and keys."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.sign_in import sign_in_urls
from breakglass_tui.domain.text import show
from breakglass_tui.ui.ceremony import Ceremony, Stage
from breakglass_tui.ui.next_try import LOOKS_AGAIN, said
from breakglass_tui.ui.widgets.chrome.identity_bar import grouped
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain

if TYPE_CHECKING:
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.ui.flow import Session

LABEL = 14
LONGEST = 4096
KEYS = "r  reveal it for 15 s     c  copy"
SEALING = "It is made by the account's password policy, and sealed before AWS or anybody else hears of it."
AHEAD = "Nothing is changed yet: until AWS has another, the temporary password opens the door."
ONLY_THIS = (
    "Only this one is kept. Whether AWS gets another nobody can tell from here: if you have set another, change it "
    "once more to this one, in the console under Security credentials."
)
EXPORT = "Export the report now (e, at the proof): one from before names envelopes that are gone."


@dataclass(frozen=True, eq=False, repr=False)
class Page:
    """``secret`` is shown masked; ``keys`` are those that stand nowhere else."""

    title: str
    facts: tuple[Paragraph, ...]
    secret: Secret | None = None
    keys: str = ""


def page(session: Session, ceremony: Ceremony, *, signed_in: bool) -> Page:
    """The page for where it stands; ``signed_in`` says that the operator has gone on to the new password."""
    if ceremony.problem is not None:
        return _problem(ceremony.problem, confirmed=ceremony.stage is Stage.CONFIRMED)
    if ceremony.stage is Stage.CONFIRMED:
        return Page("AWS holds the lasting password now", tuple(_kept(ceremony)))
    if ceremony.stage is Stage.SEALING or ceremony.setup is None:
        return Page("The lasting password is being made", (plain(SEALING), plain(AHEAD)))
    found = _new_password(session, ceremony) if signed_in else _door(session, ceremony)
    if ceremony.unread is None:
        return found
    trouble = (plain(""), *_told(ceremony.unread, "Could not look at AWS: "), plain(said(LOOKS_AGAIN), indent=2))
    return Page(found.title, (*found.facts, *trouble), found.secret, found.keys)


def _door(session: Session, ceremony: Ceremony) -> Page:
    assert ceremony.setup is not None
    caller, request = ceremony.setup.account.caller, ceremony.setup.request
    there = sign_in_urls(caller.account_id, caller.partition, request.region)
    address = there.console if there else "the sign-in page of this partition is not known here"
    rows = [
        ("Open", "a simulated account has no sign-in page: p practises it" if _simulated(session) else address),
        ("Account", grouped(caller.account_id)),
        ("User name", show(ceremony.user_name)),
        ("MFA", _mfa(session, ceremony)),
        *_where(session, ceremony.temporary, ceremony.old_envelopes, "the temporary one"),
    ]
    go_on = "enter  AWS asks for a new password"
    keys = f"{KEYS}     {go_on}" if ceremony.temporary else go_on
    return Page("Sign in as this user, in a private window", tuple(labelled(rows, LABEL)), ceremony.temporary, keys)


def _new_password(session: Session, ceremony: Ceremony) -> Page:
    rows = [
        ("Old password", "the temporary one, once more (b goes back to it)"),
        *_where(session, ceremony.permanent, ceremony.new_envelopes, "this one, twice: copied rather than typed"),
    ]
    rows = [(label if label != "Password" else "New password", text) for label, text in rows]
    go_on = "enter  AWS has taken it: look now"
    keys = f"{KEYS}     {go_on}" if ceremony.permanent else go_on
    facts = (*labelled(rows, LABEL), plain(""), plain(ONLY_THIS, "$secondary"))
    return Page("AWS asks for a new password: give it the lasting one", facts, ceremony.permanent, keys)


def _where(
    session: Session, secret: Secret | None, envelopes: Iterable[EnvelopeInfo], what: str
) -> list[tuple[str, str]]:
    """What the password is or, where this process does not know it, how its envelope is opened."""
    if secret is not None:
        return [("Password", what)]
    commands = [_opening(session, envelope) for envelope in envelopes]
    if not commands:
        return [("Password", f"{what}, as you have stored it")]
    first, *others = commands
    return [("Password", f"{what}, in its envelope:"), ("Open it with", first), *(("or with", each) for each in others)]


def _mfa(session: Session, ceremony: Ceremony) -> str:
    assert ceremony.setup is not None
    kind = ceremony.setup.request.mfa
    if kind == "authenticator":
        return "six digits of the authenticator that was enrolled"
    if kind != "sealed":
        return ""
    opening = [_opening(session, envelope) for envelope in ceremony.seed_envelopes[:1]]
    return " ".join(["six digits; the seed in its envelope gives them:", *opening])


def _opening(session: Session, envelope: EnvelopeInfo) -> str:
    """The command that opens an envelope; a path below the home directory is told shorter."""
    path, home = Path(envelope.path), Path.home()
    word = shlex.quote(envelope.path)
    if path.is_relative_to(home):
        word = f"~/{shlex.quote(str(path.relative_to(home)))}"
    return show(f"{session.program} open {word}", LONGEST)


def _simulated(session: Session) -> bool:
    return session.cloud is not None and session.cloud.practice is not None


def _kept(ceremony: Ceremony) -> Iterable[Paragraph]:
    names = [show(Path(envelope.path).name) for envelope in ceremony.new_envelopes]
    kept = f"It is sealed in {', '.join(names)}." if names else "It is where you have stored it."
    yield plain(f"{kept} The temporary password opens nothing any more; its envelopes are removed.")
    yield plain(EXPORT, "$secondary")


def _problem(problem: Problem, *, confirmed: bool) -> Page:
    title = "AWS holds the lasting password now, but not all is done" if confirmed else "This did not get to its end"
    return Page(title, tuple(_told(problem)), keys="" if confirmed else "enter  try again     esc  leave it for now")


def _told(problem: Problem, before: str = "") -> Iterable[Paragraph]:
    yield plain(f"✗ {before}{show(problem.what, LONGEST)}", "$error")
    for text in (problem.why, problem.next):
        if text:
            yield plain(show(text, LONGEST), indent=2)


def truth(ceremony: Ceremony) -> str:
    """What is true when the operator leaves now: which password opens the door, and which envelope has it."""
    old, new = _files(ceremony.old_envelopes), _files(ceremony.new_envelopes)
    temporary = f"The temporary password is the one that opens the door{old}"
    if ceremony.stage < Stage.SIGNING_IN:
        return f"Nothing has been changed. {temporary}. f begins again."
    return (
        f"{temporary}, until you have changed it in AWS. From then on it is the lasting one{new}. "
        "Both are kept. f goes on from here, also in a later process."
    )


def _files(envelopes: Iterable[EnvelopeInfo]) -> str:
    names = [show(Path(envelope.path).name) for envelope in envelopes]
    return f" ({', '.join(names)})" if names else ", as you have stored it"
