"""AssessmentForm: the fields for the settings of the new user, and a preview of what they will create.

It is loaded after the first paint, because its modules take time to import.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Button, Static

from breakglass_tui.domain.problems import FieldError
from breakglass_tui.ui.assessment.field import Field, short
from breakglass_tui.ui.assessment.field_rules import complaint
from breakglass_tui.ui.assessment.fields import ChoiceField, TextField
from breakglass_tui.ui.assessment.list_field import ListField
from breakglass_tui.ui.assessment.listings import is_missing, unread
from breakglass_tui.ui.assessment.lists import offer_lists
from breakglass_tui.ui.assessment.offline_field import OfflineField
from breakglass_tui.ui.assessment.policy_line import PolicyLine
from breakglass_tui.ui.assessment.preview import Preview
from breakglass_tui.ui.assessment.seal_words import lacks_seed_seal
from breakglass_tui.ui.state.draft import Draft
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.next_try import READS_AGAIN, said

ACCESS = (("console", "console"), ("programmatic", "programmatic"), ("both", "both"))
RESET = (("yes", "temporary"), ("no", "permanent"))
MFA = (("none", "none"), ("authenticator", "authenticator"), ("sealed", "sealed"))
GUARD = (("no", "no"), ("yes", "yes: deny all without MFA"))
FLAGS = ("password_reset_required", "require_mfa")
"""The names of the fields whose values are True and False in the draft, and yes and no on the form."""
MFA_NOTES = {
    "none": "⚠ Not recommended: no second factor",
    "authenticator": "you scan a QR code and enter two codes",
    "sealed": "this program enrols it and seals its seed",
}
NEEDS_SEAL = "⚠ its seed needs a seal: KMS key or offline"
DRAW_S = 0.1
"""The least time between two drawings of the preview, in seconds. Typed keys can arrive faster."""
GLOBAL = "for KMS, STS and sign-in (IAM is global)"


class FormGroup(Vertical):
    """A titled group of fields."""

    def __init__(self, title: str, *fields: Widget) -> None:
        super().__init__(Static(title, classes="section-title", markup=False), *fields, classes="group", name=title)


class AssessmentForm(Widget):
    """The form with its preview. It writes every change to ``session.draft``, and shows each error under its field."""

    BINDINGS = [
        Binding("down", "app.focus_next", "Next field", id="field-next", show=False),
        Binding("up", "app.focus_previous", "Previous field", id="field-previous", show=False),
        Binding("pagedown", "page(1)", "Scroll down", id="form-down", show=False),
        Binding("pageup", "page(-1)", "Scroll up", id="form-up", show=False),
    ]

    class Finished(Message):
        """The operator has pressed enter in the last field, or the button "Review"."""

    class Edited(Message):
        """The operator has changed the field ``name`` of the draft."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._preview = Preview(markup=False)
        self._verdict = Static("", id="verdict", markup=False)
        self._drawing: Timer | None = None

    def compose(self) -> ComposeResult:
        """Compose the form on the left and the preview on the right."""
        with Vertical(id="form"):
            with Vertical(id="fields"):
                yield from self._groups(self._session.draft)
            with Horizontal(id="onward"):
                yield self._verdict
                yield Button("Review", id="review", compact=True)
        with Vertical(id="preview"):
            yield Static("This will create", classes="section-title", markup=False)
            yield self._preview

    def _groups(self, draft: Draft) -> Iterator[Widget]:
        yield FormGroup(
            "Where", ListField("region", "Region", (draft.region,), noun="Regions", title="Region", hint=GLOBAL)
        )
        yield FormGroup(
            "Who",
            TextField("user_name", "User name", draft.user_name),
            TextField("path", "Path", draft.path, placeholder="such as /breakglass/"),
            TextField("tags", "Tags", draft.tags, placeholder="key=value, key=value"),
        )
        yield FormGroup(
            "How",
            ChoiceField("access", "Access", ACCESS, draft.access),
            ChoiceField("password_reset_required", "Password", RESET, "yes" if draft.password_reset_required else "no"),
            ChoiceField("mfa", "MFA", MFA, draft.mfa),
            ChoiceField("require_mfa", "Require", GUARD, "yes" if draft.require_mfa else "no"),
        )
        yield FormGroup(
            "Protect",
            ListField(
                "kms_key_id",
                "KMS key",
                _one(draft.kms_key_id),
                noun="KMS keys",
                title="KMS key that seals the secrets",
                place="Region",
            ),
            OfflineField(self._session),
        )
        yield FormGroup(
            "Belongs to",
            ListField("groups", "Groups", draft.groups, noun="groups", title="Groups to join", many=True),
            ListField("role_arn", "Role", _one(draft.role_arn), noun="roles", title="Role the user may assume"),
        )
        yield PolicyLine()

    def on_mount(self) -> None:
        """Draw the form with what is known of the account."""
        if not self.query("#region"):
            return  # the app ends while this form is being composed
        self.refresh_account()
        self._draw_preview()

    # What the account says

    def refresh_account(self) -> None:
        """Draw what depends on the account: the lists to select from, the policy, and what is still being read."""
        session = self._session
        self.text_field("user_name").input.placeholder = _generated(session.draft)
        offer_lists(self.list_field, session)
        self.show_reading()
        self._draw()

    def show_reading(self) -> None:
        """Show in the bottom line which parts of the account are still being read."""
        session = self._session
        if session.connection.caller is None:
            self.say("◌ identifying the caller")
            return
        reading = unread(session.connection.account, session.draft.region)
        if reading:
            self.say(f"◌ reading {', '.join(reading)}")
        else:
            self.say(said(READS_AGAIN) if is_missing(session.connection.account) else "")

    def say(self, text: str, *, bad: bool = False) -> None:
        """Show ``text`` in the bottom line, as an error if ``bad``."""
        self._verdict.set_class(bad, "-bad")
        self._verdict.update(short(text), layout=False)

    # What the operator does

    def field(self, name: str) -> Field:
        """Return the field with the name ``name``."""
        return self.query_one(f"#{name}", Field)

    def list_field(self, name: str) -> ListField:
        """Return the field with the name ``name`` that selects from a list."""
        return self.query_one(f"#{name}", ListField)

    def text_field(self, name: str) -> TextField:
        """Return the text field with the name ``name``."""
        return self.query_one(f"#{name}", TextField)

    def open_seals(self) -> None:
        """Open the dialog of the offline seals."""
        self.query_one(OfflineField).open()

    @on(Field.Edited)
    def _edited(self, event: Field.Edited) -> None:
        event.stop()
        field, draft = event.field, self._session.draft
        name, value = field.field_name, field.value
        value = value == "yes" if name in FLAGS else value
        if getattr(draft, name) == value:
            return
        setattr(draft, name, value)
        if field.error or name == "user_name":
            self._judge(field)
        self.show_reading()
        self._draw()
        self.post_message(self.Edited(name))

    @on(Field.Done)
    def _done(self, event: Field.Done) -> None:
        event.stop()
        if event.field.field_name == "role_arn":
            self.post_message(self.Finished())
        else:
            self.screen.focus_next()

    @on(Button.Pressed, "#review")
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Finished())

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Validate a field when it loses the focus."""
        field = next((node for node in event.widget.ancestors if isinstance(node, Field)), None)
        if field is not None:
            self._judge(field)

    def action_page(self, direction: int) -> None:
        """Scroll by a page: down if ``direction`` is 1, up if it is -1. The focus does not move."""
        place = self if self.max_scroll_y else self.query_one("#fields")
        place.scroll_relative(y=direction * max(1, place.size.height - 2), animate=False)

    # Errors

    def judge_all(self) -> bool:
        """Validate each field by its own rule, and focus the first invalid one. Return whether all are valid."""
        for field in self.query(Field):
            self._judge(field)
        return self._focus_first_bad()

    def complain(self, errors: tuple[FieldError, ...]) -> None:
        """Show each error under its field, and focus the first invalid field.

        Errors of no field go to the bottom line.
        """
        left = {error.field.partition(".")[0]: error.message for error in reversed(errors)}
        for field in self.query(Field):
            found = [left.pop(name) for name in (field.field_name, *field.COVERS) if name in left]
            field.complain(found[0] if found else "")
        self._focus_first_bad()
        if left:
            self.say(f"✗ {'; '.join(left.values())}", bad=True)

    def _focus_first_bad(self) -> bool:
        bad = [field for field in self.query(Field) if field.error]
        if bad:
            bad[0].control.focus()
            self.call_after_refresh(bad[0].scroll_visible, animate=False)
            self.say(f"✗ {len(bad)} field{'s' if len(bad) > 1 else ''} to correct", bad=True)
        return not bad

    def _judge(self, field: Field) -> None:
        session = self._session
        if session.connection.cloud is None and not field.value:
            return  # An empty Region is no error yet: the connection sets it.
        field.complain(complaint(field.field_name, session.draft, session.connection.account))

    def _draw(self) -> None:
        draft = self._session.draft
        self.field("mfa").remark(NEEDS_SEAL if lacks_seed_seal(draft) else MFA_NOTES.get(draft.mfa, ""))
        self.field("require_mfa").display = draft.mfa != "none"
        self.field("password_reset_required").disabled = not draft.console
        self.query_one(OfflineField).draw(draft)
        policy = self._session.connection.account.admin_policy if self._session.connection.account else None
        self.query_one(PolicyLine).show(policy, require_mfa=draft.guarded)
        if self._drawing is None:
            self._drawing = self.set_timer(DRAW_S, self._draw_preview)

    def _draw_preview(self) -> None:
        self._drawing = None
        self._preview.show(self._session.draft, self._session.connection.account)


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _generated(draft: Draft) -> str:
    return f"{draft.generated_name} generated" if draft.generated_name else "generated"
