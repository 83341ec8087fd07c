from __future__ import annotations

import errno
import os

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.engine import journal
from breakglass_tui.engine.journal_preflight import JournalPreflight


def test_a_directory_that_takes_a_journal_passes_and_holds_nothing_afterwards(store):
    result = JournalPreflight(store).inspect(None)
    assert result.status is CheckStatus.PASS
    assert list((store.root / "runs").iterdir()) == []


def test_a_disk_that_is_full_fails_and_says_so_with_the_way_out(store, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(journal.os, "write", full)
    result = JournalPreflight(store).inspect(None)
    assert result.status is CheckStatus.FAIL
    assert "No space left" in result.found
    assert "XDG_STATE_HOME" in result.remedy
    assert list((store.root / "runs").iterdir()) == []


def test_a_place_where_no_directory_can_be_fails(store):
    store.root.parent.mkdir(exist_ok=True)
    store.root.write_text("")
    assert JournalPreflight(store).inspect(None).status is CheckStatus.FAIL
