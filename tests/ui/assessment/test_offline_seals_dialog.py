"""The dialog of the offline seals: recipients, their threshold, and a passphrase."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from textual.widgets import TextArea

from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.ui.assessment.offline_seals_dialog import OfflineSealsDialog
from breakglass_tui.ui.assessment.passphrase_choice import PassphraseChoice
from breakglass_tui.ui.assessment.threshold import Threshold
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.widgets.too_small import TooSmall

SIZES = [(80, 24), (120, 36)]
ANNA = "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g"
BERT = "age1ahxh5x5gms98x34zk9a9fdnvd5wu52yq29m7hgjjd38eq4vef49s0g6wlz"
CARL = "age1445mdttd2g70s8yrle4wa3465g5ek82kadddmtnlsvaau8t4qdmq78h0aa"
STRONG = "velvet Otter 91 under 7 lamps"


@pytest.fixture
def seals(assessment, go_to, until):
    """``async with seals(cloud, size, mfa=…) as pilot``: the dialog is open."""

    @asynccontextmanager
    async def opened(cloud, size=(80, 24), **draft):
        async with assessment(cloud, size) as pilot:
            vars(pilot.app.session.draft).update(draft)
            await go_to(pilot, "offline")
            await until(lambda: pilot.app.focused.parent.id == "offline", "the focus")
            await pilot.press("enter")
            await until(lambda: pilot.app.screen.query("#take"), "the dialog")
            await pilot.pause()
            yield pilot

    return opened


@pytest.fixture
def taken(until):
    """``await taken(pilot)``: save, and wait for the form."""

    async def take(pilot):
        await pilot.press("ctrl+n")
        await until(lambda: not isinstance(pilot.app.screen, OfflineSealsDialog), "the form")
        await pilot.pause()

    return take


async def to_passphrase(pilot):
    pilot.app.screen.query_one("#passphrase ChoiceRow").focus()
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_two_of_three_and_a_passphrase_reach_the_request_and_the_vault(
    fake_cloud, seals, taken, paste, until, screen_text, size
):
    async with seals(fake_cloud, size) as pilot:
        await paste(pilot, f"{ANNA}, {BERT}\n{CARL}")
        await pilot.press("f1")
        await until(lambda: "Help: Offline seals" in screen_text(pilot.app), "the help")
        await pilot.press("escape", "tab", "right")
        await to_passphrase(pilot)
        await pilot.press("right", "enter", *STRONG, "enter", *STRONG)
        await taken(pilot)
        await until(lambda: "2 of 3 age recipients, passphrase" in screen_text(pilot.app), "the row")
        await pilot.press("ctrl+n")
        await until(lambda: pilot.app.phase is Phase.SUMMARY, "the summary")
        setup, draft = pilot.app.session.run.setup, pilot.app.session.draft
        assert setup.request.seal_to == (ANNA, BERT, CARL)
        assert (setup.request.seal_threshold, setup.request.seal_passphrase) == (2, True)
        assert setup.vault.get(PASSPHRASE).reveal() == STRONG
        assert setup.vault.get(PASSPHRASE) is not draft.passphrase
        assert STRONG not in str(setup.request.as_json())
        await pilot.press("escape")
        await until(lambda: pilot.app.phase is Phase.ASSESSMENT and pilot.app.screen.query("#offline"), "the form")
        await until(lambda: "2 of 3 age recipients, passphrase" in screen_text(pilot.app), "the row again")
        assert draft.passphrase.reveal() == STRONG
        assert STRONG not in screen_text(pilot.app)


async def test_a_saved_passphrase_is_kept_but_not_shown_again(fake_cloud, seals, taken, paste, screen_text):
    async with seals(fake_cloud) as pilot:
        await to_passphrase(pilot)
        await pilot.press("right", "enter", *STRONG, "enter", *STRONG)
        await taken(pilot)
        given = pilot.app.session.draft.passphrase
        await pilot.press("enter")
        await pilot.pause()
        assert "● unchanged" in screen_text(pilot.app)
        await paste(pilot, ANNA)
        await taken(pilot)
        assert pilot.app.session.draft.passphrase is given
        await pilot.press("enter")
        await pilot.pause()
        await to_passphrase(pilot)
        await pilot.press("right")
        await taken(pilot)
        assert pilot.app.session.draft.passphrase is None


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        ("", "", "type a passphrase, or select none"),
        ("short", "", "repeat the passphrase"),
        ("one of the two of them", "another one of the two", "the two passphrases differ"),
        ("short", "short", "it has 5 characters"),
        ("passwordpasswordpassword", "passwordpasswordpassword", "it is easy to guess"),
    ],
)
async def test_a_weak_passphrase_is_refused_with_the_reason(fake_cloud, seals, until, screen_text, first, again, said):
    async with seals(fake_cloud) as pilot:
        await to_passphrase(pilot)
        await pilot.press("right", "enter", *first, "enter", *again, "ctrl+n")
        await until(lambda: said in screen_text(pilot.app), said)
        assert isinstance(pilot.app.screen, OfflineSealsDialog)
        assert pilot.app.session.draft.passphrase is None


async def test_a_generated_passphrase_is_masked_until_revealed_and_must_be_typed_back(
    fake_cloud, seals, taken, until, screen_text
):
    async with seals(fake_cloud) as pilot:
        await to_passphrase(pilot)
        await pilot.press("right", "right")
        await pilot.pause()
        made = pilot.app.screen.query_one(PassphraseChoice).passphrase().reveal()
        assert made not in screen_text(pilot.app)
        await pilot.press("f2")
        await until(lambda: made in screen_text(pilot.app), "the passphrase")
        await pilot.press("enter", *made[:-1], "ctrl+n")
        await until(lambda: "this is not the generated passphrase" in screen_text(pilot.app), "the refusal")
        await pilot.press("f2")
        await until(lambda: made not in screen_text(pilot.app), "the mask")
        await pilot.press(made[-1])
        await taken(pilot)
        assert pilot.app.session.draft.passphrase.reveal() == made


async def test_a_resize_hides_a_generated_passphrase(fake_cloud, seals, until, screen_text):
    async with seals(fake_cloud) as pilot:
        await to_passphrase(pilot)
        await pilot.press("right", "right", "f2")
        made = pilot.app.screen.query_one(PassphraseChoice).passphrase().reveal()
        await until(lambda: made in screen_text(pilot.app), "the passphrase")
        await pilot.resize_terminal(90, 30)
        await until(lambda: made not in screen_text(pilot.app), "the mask")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ANNA}\n{BERT[:-1]}q", "recipient 2:"),
        (f"{ANNA} {ANNA}", "recipient 2 is the same as recipient 1"),
        ("[/] \x1b[31m rubbish", "recipient 1: '[/]' is not an age recipient"),
        ("x" * 50_000, "start with age1, ssh-ed25519 or ssh-rsa"),
    ],
)
async def test_pasted_recipients_are_checked_at_once(fake_cloud, seals, paste, until, screen_text, text, said):
    async with seals(fake_cloud) as pilot:
        await paste(pilot, text)
        await until(lambda: said in " ".join(screen_text(pilot.app).replace("│", " ").split()), said)
        assert "\x1b" not in screen_text(pilot.app)
        await pilot.press("ctrl+n")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(pilot.app.screen, OfflineSealsDialog)
        await pilot.press("escape")
        await until(lambda: not isinstance(pilot.app.screen, OfflineSealsDialog), "the form")
        assert pilot.app.session.draft.seal_to == ""


@pytest.mark.parametrize("how", ["pasted", "typed"])
async def test_a_private_key_is_dropped_and_not_kept_for_undo(fake_cloud, seals, paste, until, screen_text, how):
    key = "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQ"
    async with seals(fake_cloud) as pilot:
        if how == "pasted":
            await paste(pilot, f"# created: today\n{key}\n")
        else:
            await pilot.press(*"age-secret-key-1qyq")
        await until(lambda: "This is a secret key" in screen_text(pilot.app), "the refusal")
        pilot.app.focused.undo()
        await pilot.pause()
        assert "AGE-SECRET" not in screen_text(pilot.app).upper()
        assert pilot.app.focused.text == ""


async def test_a_file_of_recipients_is_read_when_the_dialog_is_saved(
    fake_cloud, seals, taken, paste, until, screen_text, tmp_path
):
    file = tmp_path / "team.txt"
    async with seals(fake_cloud) as pilot:
        await paste(pilot, str(file))
        await pilot.press("ctrl+n")
        await until(lambda: "cannot be read: No such file" in screen_text(pilot.app), "the refusal")
        await pilot.press("tab", "shift+tab")
        await pilot.pause()
        assert "cannot be read: No such file" in screen_text(pilot.app), "it stands until something is changed"
        file.write_text(f"# team\n{ANNA}\n{BERT}\n{CARL}\n")
        await pilot.press("tab", "right", "right")
        await taken(pilot)
        assert pilot.app.session.draft.recipients == (ANNA, BERT, CARL)
        assert pilot.app.session.draft.seal_threshold == 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{ANNA}\nnot a key\n{BERT}\n{ANNA}", "any 1 of 2 can open it"),
        (f"{ANNA}\nnot a key", "1 custodian can open it"),
        (f"{ANNA}\n{ANNA}", "1 custodian can open it"),
        ("not a key\nnor this", ""),
    ],
)
async def test_the_threshold_counts_only_valid_distinct_recipients(fake_cloud, seals, paste, text, shown):
    async with seals(fake_cloud) as pilot:
        await paste(pilot, text)
        words = pilot.app.screen.query_one("#seal_to Threshold", Threshold).render().plain
        assert words.endswith(shown)
        assert bool(words) is bool(shown)


async def test_a_recipient_that_is_being_edited_does_not_lower_the_threshold(fake_cloud, seals, taken, paste):
    async with seals(fake_cloud, seal_to=f"{ANNA}\n{BERT}", seal_threshold=2) as pilot:
        threshold = pilot.app.screen.query_one("#seal_to Threshold", Threshold)
        area = pilot.app.screen.query_one("#seal_to-area", TextArea)
        area.focus()
        area.move_cursor((1, len(BERT)))
        await pilot.press("backspace")
        await pilot.pause()
        assert threshold.value == 1
        await pilot.press(BERT[-1])
        await pilot.pause()
        assert threshold.value == 2
        await taken(pilot)
        assert pilot.app.session.draft.seal_threshold == 2


async def test_the_seed_has_its_own_custodians_only_if_there_is_a_seed(fake_cloud, seals, taken, paste):
    async with seals(fake_cloud) as pilot:
        assert not pilot.app.screen.query("#seal_mfa_to")
    async with seals(fake_cloud, mfa="sealed") as pilot:
        await paste(pilot, ANNA)
        pilot.app.screen.query_one("#seal_mfa_to-area").focus()
        await pilot.pause()
        await paste(pilot, f"{BERT}\n{CARL}")
        await pilot.press("tab", "right")
        await taken(pilot)
        draft = pilot.app.session.draft
        assert (draft.recipients, draft.mfa_recipients, draft.seal_mfa_threshold) == ((ANNA,), (BERT, CARL), 2)


async def test_leaving_changes_nothing(fake_cloud, seals, paste, until):
    async with seals(fake_cloud, seal_to=ANNA) as pilot:
        await paste(pilot, f"\n{BERT}")
        await pilot.press("escape")
        await until(lambda: not isinstance(pilot.app.screen, OfflineSealsDialog), "the form")
        assert pilot.app.session.draft.seal_to == ANNA


async def test_everything_works_by_mouse(fake_cloud, seals, paste, until):
    async with seals(fake_cloud, mfa="sealed") as pilot:
        await paste(pilot, f"{ANNA}\n{BERT}")
        await pilot.click("#seal_to Threshold", offset=(6, 0))
        await pilot.click("#take")
        await until(lambda: not isinstance(pilot.app.screen, OfflineSealsDialog), "the form")
        assert pilot.app.session.draft.seal_threshold == 2


async def test_a_window_that_is_too_small_shows_a_notice_and_keeps_the_input(
    fake_cloud, seals, paste, until, screen_text
):
    async with seals(fake_cloud) as pilot:
        await paste(pilot, ANNA)
        await pilot.resize_terminal(40, 12)
        await until(lambda: "40x12 is too small." in screen_text(pilot.app), "the notice")
        assert pilot.app.screen.query_one(TooSmall).display
        await pilot.resize_terminal(80, 24)
        await until(lambda: ANNA in screen_text(pilot.app), "what was typed")


@pytest.mark.parametrize("mfa", ["none", "sealed"])
async def test_at_80x24_the_whole_dialog_is_visible(fake_cloud, seals, paste, mfa):
    async with seals(fake_cloud, mfa=mfa) as pilot:
        await paste(pilot, f"{ANNA}\n{BERT}\n{CARL}")
        await to_passphrase(pilot)
        await pilot.press("right", "right", "f2", "ctrl+n")
        await pilot.pause()
        assert pilot.app.screen.query_one("#dialog").max_scroll_y == 0
