"""Draft: the values of the assessment form, valid or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from breakglass_tui.domain.text import show

if TYPE_CHECKING:
    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.ui.offline_seals import OfflineSeals


@dataclass(eq=False, repr=False)
class Draft:
    """The operator's input, kept while the operator moves between screens.

    ``generated_name`` is used for a blank user name, and stays the same from the form to the plan. Recipients are text,
    one per line. A threshold is how many of them must act together. The passphrase is a ``Secret`` and never request
    data. ``defaults`` are the initial values that differ from those of the class.
    """

    region: str = ""
    user_name: str = ""
    generated_name: str = ""
    path: str = "/breakglass/"
    access: str = "console"
    mfa: str = "none"
    groups: tuple[str, ...] = ()
    role_arn: str = ""
    kms_key_id: str = ""
    seal_to: str = ""
    seal_threshold: int = 1
    seal_mfa_to: str = ""
    seal_mfa_threshold: int = 1
    passphrase: Secret | None = None
    tags: str = ""
    password_reset_required: bool = True
    require_mfa: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def beginning_with(cls, request: Mapping[str, Any]) -> Draft:
        """Return a draft with these fields of a request. Fields that the form does not have are ignored."""
        values = {
            **request,
            "groups": tuple(request.get("groups", ())),
            "seal_to": "\n".join(request.get("seal_to", ())),
            "seal_mfa_to": "\n".join(request.get("seal_mfa_to", ())),
            "tags": ", ".join(f"{key}={text}" for key, text in request.get("tags", {}).items()),
        }
        return cls(defaults={name: value for name, value in values.items() if name in vars(cls())}).anew()

    def anew(self) -> Draft:
        """Return a draft with the initial values of this one."""
        return Draft(**self.defaults, defaults=self.defaults)

    @property
    def usual_path(self) -> str:
        """The default path of emergency users."""
        return str(self.defaults.get("path", Draft.path))

    @property
    def final_name(self) -> str:
        """The name the user will have."""
        return self.user_name or self.generated_name

    @property
    def console(self) -> bool:
        """Whether the user signs in to the console."""
        return self.access in ("console", "both")

    @property
    def programmatic(self) -> bool:
        """Whether the user gets an access key."""
        return self.access in ("programmatic", "both")

    @property
    def guarded(self) -> bool:
        """Whether everything is denied without MFA. False without a device, which would lock the user out."""
        return self.require_mfa and self.mfa != "none"

    @property
    def offline(self) -> OfflineSeals:
        """The seals that need no AWS."""
        from breakglass_tui.ui.offline_seals import OfflineSeals

        return OfflineSeals(
            self.seal_to, self.seal_threshold, self.seal_mfa_to, self.seal_mfa_threshold, self.passphrase
        )

    @offline.setter
    def offline(self, seals: OfflineSeals) -> None:
        vars(self).update(vars(seals))

    def forget_passphrase(self) -> None:
        """Wipe the passphrase. Everything that needs it has its own copy."""
        if self.passphrase is not None:
            self.passphrase.wipe()
            self.passphrase = None

    @property
    def recipients(self) -> tuple[str, ...]:
        """The age recipients of the secrets."""
        from breakglass_tui.ui.recipients import parts_of

        return parts_of(self.seal_to)

    @property
    def mfa_recipients(self) -> tuple[str, ...]:
        """The age recipients of the MFA seed, if they differ from the others. Empty without an MFA device."""
        from breakglass_tui.ui.recipients import parts_of

        return parts_of(self.seal_mfa_to) if self.mfa != "none" else ()

    def as_mapping(self) -> dict[str, Any]:
        """Return the draft as request data. Raises ``ValueError`` for tags that are not key=value pairs."""
        return {**self.without_tags(), "tags": parse_tags(self.tags)}

    def without_tags(self) -> dict[str, Any]:
        """Return the draft as request data without its tags, which may not be valid."""
        return {
            "region": self.region,
            "user_name": self.final_name,
            "path": self.path,
            "access": self.access,
            "mfa": self.mfa,
            "groups": list(self.groups),
            "role_arn": self.role_arn,
            "kms_key_id": self.kms_key_id,
            "seal_to": list(self.recipients),
            "seal_threshold": self.seal_threshold,
            "seal_mfa_to": list(self.mfa_recipients),
            "seal_mfa_threshold": self.seal_mfa_threshold if self.mfa_recipients else 1,
            "seal_passphrase": self.passphrase is not None,
            "password_reset_required": self.password_reset_required,
            "require_mfa": self.guarded,
        }


def parse_tags(text: str) -> dict[str, str]:
    """Return ``key=value, key=value`` as a mapping. A value may be empty.

    Raises:
        ValueError: a part has no ``=``, or a key appears twice.
    """
    tags: dict[str, str] = {}
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ValueError("write tags as key=value, separated by commas")
        if key in tags:
            raise ValueError(f"the tag {show(key, 40)} appears twice")
        tags[key] = value
    return tags
