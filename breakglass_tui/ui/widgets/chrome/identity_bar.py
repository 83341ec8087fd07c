"""The line on top of every screen: whose account, who is asking, simulated or real."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.text import show

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Caller


def grouped(account_id: str) -> str:
    """An account id in groups of four, as people read it out."""
    return "-".join(account_id[i : i + 4] for i in range(0, len(account_id), 4))


class IdentityBar(Static):
    """Account, alias, partition, Region and principal; DEMO or AWS first."""

    def __init__(self, *, demo: bool) -> None:
        super().__init__(id="identity", markup=False)
        self._demo = demo
        self._caller: Caller | None = None
        self._region = ""
        self._unreachable = False
        self.add_class("-demo" if demo else "-real")

    def on_mount(self) -> None:
        """Begin with what is known already."""
        self._draw()

    def on_resize(self) -> None:
        """The principal takes what width is left."""
        self._draw()

    def tell(self, caller: Caller | None, region: str, *, unreachable: bool = False) -> None:
        """Show this caller, or that none could be made out."""
        self._caller, self._region, self._unreachable = caller, region, unreachable
        self._draw()

    def _draw(self) -> None:
        mark = Text(" DEMO " if self._demo else " AWS ", style="bold reverse")
        if self._caller is None:
            self.update(Text.assemble(mark, "  no account" if self._unreachable else "  connecting…"))
            return
        caller = self._caller
        where = [grouped(caller.account_id), caller.partition, show(self._region)]
        if caller.alias:
            where.insert(0, show(caller.alias))
        line = Text.assemble(mark, "  ", ("  ".join(where), "bold"), "  ")
        room = max(8, self.size.width - line.cell_len - 1)
        principal = Text(show(caller.principal))
        principal.truncate(room, overflow="ellipsis")
        self.update(line.append_text(principal))
