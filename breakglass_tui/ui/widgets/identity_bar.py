"""IdentityBar: the top line of every screen. It shows the account and the caller."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.text import show

MANAGEMENT = "MANAGEMENT ACCOUNT"
LEAST_PRINCIPAL = 10


def grouped(account_id: str) -> str:
    """Return an account id with a dash after each four digits, such as "1234-5678-9012"."""
    return "-".join(account_id[i : i + 4] for i in range(0, len(account_id), 4))


def account_words(account_id: str, alias: str, place: Place) -> str:
    """Return the account as part of a sentence, such as "account 1234-5678-9012 acme" or "the DEMO account ..."."""
    named = " ".join(filter(None, (grouped(account_id), show(alias))))
    return f"account {named}" if place is Place.AWS else f"the {place} account {named}"


class IdentityBar(Static):
    """The top line of a screen: what answers the calls, the account and the caller.

    What answers is AWS, DEMO, EMULATOR or CUSTOM ENDPOINT. The account has its id, alias, partition and Region. The
    line is red for the management account of an organization, and for an emulator.
    """

    def __init__(self, place: Place) -> None:
        super().__init__(id="identity", markup=False)
        self._place = place
        self._caller: Caller | None = None
        self._region = ""
        self._unreachable = False
        self._management = False

    def on_mount(self) -> None:
        """Draw the line for the first time."""
        self._draw()

    def on_resize(self) -> None:
        """Cut the name of the caller to the remaining width."""
        self._draw()

    def show(
        self, caller: Caller | None, region: str, place: Place, *, unreachable: bool = False, management: bool = False
    ) -> None:
        """Show ``caller``, or that it is unknown if it is None.

        ``management`` says that the account manages an organization.
        """
        self._caller, self._region, self._place = caller, region, place
        self._unreachable, self._management = unreachable, management
        self.set_class(management, "-management")
        self._draw()

    def _draw(self) -> None:
        for place in Place:
            self.set_class(place is self._place, f"-{place.name.lower().replace('_', '-')}")
        mark = Text(f" {self._place} ", style="bold reverse")
        if self._caller is None:
            self.update(Text.assemble(mark, "  no account" if self._unreachable else "  connecting…"))
            return
        line = Text.assemble(mark, "  ", ("  ".join(self._where(self._caller)), "bold"), "  ", no_wrap=True)
        principal = Text(show(self._caller.principal))
        principal.truncate(max(LEAST_PRINCIPAL, self.size.width - line.cell_len - 1), overflow="ellipsis")
        self.update(line.append_text(principal))

    def _where(self, caller: Caller) -> list[str]:
        """Return the parts of the line about the account. In a management account, a warning replaces the partition."""
        named = [part for part in (show(caller.alias), grouped(caller.account_id)) if part]
        if self._management:
            return [MANAGEMENT, *named, show(self._region)]
        return [*named, caller.partition, show(self._region)]
