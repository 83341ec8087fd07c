"""IdentityBar: the top line of every screen, with the account, the caller, and whether it is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.text import show

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Caller


MANAGEMENT = "MANAGEMENT ACCOUNT"
LEAST_PRINCIPAL = 10


def grouped(account_id: str) -> str:
    """Return an account id in groups of four, as people read it aloud."""
    return "-".join(account_id[i : i + 4] for i in range(0, len(account_id), 4))


class IdentityBar(Static):
    """DEMO or AWS, account, alias, partition, Region and principal. It is red in a management account."""

    def __init__(self, *, demo: bool) -> None:
        super().__init__(id="identity", markup=False)
        self._demo = demo
        self._caller: Caller | None = None
        self._region = ""
        self._unreachable = False
        self._management = False
        self.add_class("-demo" if demo else "-real")

    def on_mount(self) -> None:
        """Draw what is known so far."""
        self._draw()

    def on_resize(self) -> None:
        """Fit the principal into the remaining width."""
        self._draw()

    def tell(self, caller: Caller | None, region: str, *, unreachable: bool = False, management: bool = False) -> None:
        """Show ``caller``, or that it is unknown. ``management`` says that the account manages an organization."""
        self._caller, self._region = caller, region
        self._unreachable, self._management = unreachable, management
        self.set_class(management, "-management")
        self._draw()

    def _draw(self) -> None:
        mark = Text(" DEMO " if self._demo else " AWS ", style="bold reverse")
        if self._caller is None:
            self.update(Text.assemble(mark, "  no account" if self._unreachable else "  connecting…"))
            return
        line = Text.assemble(mark, "  ", ("  ".join(self._where(self._caller)), "bold"), "  ", no_wrap=True)
        principal = Text(show(self._caller.principal))
        principal.truncate(max(LEAST_PRINCIPAL, self.size.width - line.cell_len - 1), overflow="ellipsis")
        self.update(line.append_text(principal))

    def _where(self, caller: Caller) -> list[str]:
        """Return the words for the account. The management warning replaces the partition."""
        named = [part for part in (show(caller.alias), grouped(caller.account_id)) if part]
        if self._management:
            return [MANAGEMENT, *named, show(self._region)]
        return [*named, caller.partition, show(self._region)]
