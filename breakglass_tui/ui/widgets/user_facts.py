"""Facts about a user for a dialog: ids, the sign-in page and the envelopes. Nothing in them is secret."""

from __future__ import annotations

from collections.abc import Iterable

from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.sign_in import sign_in_urls
from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.run_state import RunState
from breakglass_tui.ui.state.validation import UserValidation
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain

LABEL = 12
LONGEST_PATH = 4096


def sign_in_url(caller: Caller, region: str) -> str:
    """Return the address of the console sign-in page of the account.

    For a partition without a documented address, return an empty string.
    """
    urls = sign_in_urls(caller.account_id, caller.partition, region)
    return urls.console if urls and urls.documented else ""


def run_facts(run: RunState) -> list[Paragraph]:
    """Return paragraphs with the facts about the user that the run created, and its envelopes."""
    return [*created_facts(run), plain(""), *envelope_facts(run.record.envelopes)]


def created_facts(run: RunState) -> list[Paragraph]:
    """Return paragraphs with the facts about the user that the run created, without its envelopes."""
    assert run.setup is not None
    facts, request, caller = run.record.facts, run.setup.request, run.setup.account.caller
    rows = [
        ("User", show(request.user_name)),
        ("ARN", show(facts.get("user_arn", ""))),
        ("Sign in at", sign_in_url(caller, request.region) if request.console else ""),
        ("Access key", show(facts.get("access_key_id", ""))),
        ("MFA device", show(facts.get("mfa_serial", ""))),
        ("Run", run.setup.run_id),
    ]
    return labelled(rows, LABEL)


def user_facts(validation: UserValidation) -> list[Paragraph]:
    """Return paragraphs with the facts about a user that no run of this session created.

    They come from the checks, and from the journal of the run that created the user if this machine has it.
    """
    facts = validation.record.facts
    rows = [
        ("User", show(validation.user_name)),
        ("ARN", show(facts.get("user_arn", "")) or "not known: the user was not found"),
        ("Unique id", show(facts.get("user_id", ""))),
        ("Sign in at", sign_in_url(validation.account.caller, validation.account.region)),
        ("Access key", show(facts.get("access_key_id", ""))),
        ("MFA device", show(facts.get("mfa_serial", ""))),
        ("Report", show(str(validation.directory), LONGEST_PATH)),
    ]
    known = [plain(""), *envelope_facts(validation.record.envelopes)] if validation.subject.request else []
    return [*labelled(rows, LABEL), *known]


def envelope_facts(envelopes: Iterable[EnvelopeInfo]) -> Iterable[Paragraph]:
    """Yield the contents, the seal and the path of each envelope, or a line which says that there are none."""
    envelopes = tuple(envelopes)
    if not envelopes:
        yield plain("No envelopes: no secret is sealed.")
        return
    yield plain("Envelopes", "bold")
    for envelope in envelopes:
        contents = ", ".join(map(show, envelope.contents))
        yield plain(f"{contents}, sealed with {show(envelope.ways_to_open)}", indent=2)
        yield plain(show(envelope.path, LONGEST_PATH), "$primary", indent=4)
