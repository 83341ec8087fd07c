"""Signs evidence with an SSH key: a file, a key of ssh-agent, or a FIDO security key. Runs ssh-keygen -Y sign."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from breakglass_tui.domain.evidence_signer import SigningTest
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.child_program import WITHIN_S, run_program
from breakglass_tui.report.signatures import NAMESPACE, SSH_SIGNATURE

PROBE = b"breakglass-tui tests this key\n"
"""What the preflight check signs."""
LIMIT_BYTES = 1 << 16
HARDWARE = "sk-"
"""The start of the types of FIDO keys, such as sk-ssh-ed25519@openssh.com. Each signature needs a touch."""
TOUCH = f"Signing the evidence: touch the security key when it blinks, within {WITHIN_S:.0f} seconds."
TOUCH_LATER = "Touch the security key when it blinks, at the end of the run."
ENTER_LATER = "Enter the passphrase at the end of the run, or add the key to ssh-agent with ssh-add now."


@dataclass(frozen=True)
class SshSigner:
    """Signs with the key in the file ``key``, which is a private key, or the public key of a key in ssh-agent.

    With ``attached``, ssh-keygen may ask for a passphrase or a PIN on the terminal. ``notify`` shows a message.
    """

    key: Path
    attached: bool = False
    notify: Callable[[str], object] = lambda _: None

    signature_name = SSH_SIGNATURE
    kms_key_id: ClassVar[str] = ""

    def sign(self, content: bytes) -> Mapping[str, bytes]:
        """Return the file with the signature over ``content``. Raises ``Problem``."""
        if self.needs_touch:
            self.notify(TOUCH)
        return {SSH_SIGNATURE: self._signature(content, attached=self.attached)}

    def test(self) -> SigningTest:
        """Sign a test text without a question on the terminal. Raises ``Problem``.

        A FIDO key is not tested, because it needs a touch. Nor is a key whose passphrase ssh-keygen can ask for.
        """
        if self.needs_touch:
            return SigningTest(done=False, text="not tested: the security key needs a touch", remedy=TOUCH_LATER)
        try:
            self._signature(PROBE, attached=False)
        except Problem as problem:
            if self.attached and "passphrase" in problem.why:
                return SigningTest(done=False, text="not tested: the key has a passphrase", remedy=ENTER_LATER)
            raise
        return SigningTest(done=True, text=f"{show(str(self.key), 4096)} signed a test text")

    @property
    def needs_touch(self) -> bool:
        """Whether the key is a FIDO key, which signs only after a touch."""
        return self._public_part().startswith(HARDWARE)

    def _signature(self, content: bytes, *, attached: bool) -> bytes:
        command = ["ssh-keygen", "-Y", "sign", "-f", str(self.key), "-n", NAMESPACE]
        done = run_program(command, content, attached=attached)
        if not done.ok or not done.output.startswith(b"-----BEGIN SSH SIGNATURE-----"):
            raise self._failed(done.message)
        return done.output

    def _public_part(self) -> str:
        """Return the public key as text, from ``key`` or from the file with the suffix .pub beside it."""
        paths = (self.key, self.key.with_name(f"{self.key.name}.pub"))
        for path in paths:
            try:
                with path.open("rb") as file:
                    text = file.read(LIMIT_BYTES).decode("utf-8", "replace")
            except OSError:
                continue
            if "PRIVATE KEY" not in text:
                return text
        return ""

    def _failed(self, message: str) -> Problem:
        path = show(str(self.key), 4096)
        private = str(self.key).removesuffix(".pub")
        add = f"Add the key to ssh-agent: ssh-add {show(shlex.quote(private), 4096)}"
        return Problem(
            f"The evidence cannot be signed with {path}.",
            why=f"ssh-keygen reports: {message or 'no reason'}.",
            next="Correct sign_with in the configuration file." if "No such file" in message else add,
            kind=Kind.LOCAL,
            code="NotSigned",
        )
