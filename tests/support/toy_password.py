"""A permanent password without AWS: the test decides the answers of AWS and the result of sealing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret

OLD, NEW = "Temporary+one/1", "Lasting+one/2"


@dataclass
class ToyPassword:
    """The password. ``directory`` is where its envelope goes, or None. ``reset`` is the answer of AWS, or its error."""

    id: str = "login-profile"
    directory: Path | None = None
    reset: bool | Exception = True
    fails: dict[str, Exception] = field(default_factory=dict)
    did: list[str] = field(default_factory=list)
    temporary: Secret | None = field(default_factory=lambda: Secret(OLD))
    permanent: Secret | None = None
    before: Callable[[str], None] = lambda _: None
    sealed: tuple[EnvelopeInfo, ...] = ()
    """What ``create`` returns, instead of the one envelope that it writes."""

    def create(self, context: StepContext) -> tuple[EnvelopeInfo, ...]:
        self._do("create")
        self.permanent = Secret(NEW)
        if self.directory is None or self.sealed:
            return self.sealed
        path = self.directory / "bg.password.lasting.age"
        context.envelope_started(str(path))
        path.write_bytes(b"sealed")
        digest = hashlib.sha256(b"sealed").hexdigest()
        return (EnvelopeInfo(str(path), ("password",), ("age",), digest),)

    def change_pending(self, context: StepContext) -> bool:
        self._do("read")
        if isinstance(self.reset, Exception):
            raise self.reset
        return self.reset

    def remove_temporary_envelopes(self, context: StepContext) -> None:
        self._do("remove")

    def _do(self, what: str) -> None:
        self.did.append(what)
        self.before(what)
        if what in self.fails:
            raise self.fails[what]
