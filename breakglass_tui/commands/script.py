"""The plan as a bash script of aws commands: run against the same account, it makes the same state."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.commands.comments import comment
from breakglass_tui.commands.script_context import ScriptContext, script_context
from breakglass_tui.commands.script_envelopes import IN_THE_CLEAR
from breakglass_tui.commands.script_preamble import files_of, functions, preflight, programs, shell
from breakglass_tui.commands.step_commands import STEPS
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan, Step

NOT_DONE = (
    "What breakglass-tui does and this script does not:",
    "  undo     A command that fails ends the script. What was made stays; the commands that remove it are printed.",
    "  go on    No journal is kept. After a lost answer or a crash nothing is looked up, taken over or finished.",
    "  look     Names, quotas, permissions and the password policy are not looked at before the first write.",
    "  prove    Nothing is read back and nothing is tried by use. There is no report and no runbook.",
)
SEED_FILE = (
    "  memory   The AWS CLI hands the seed of the MFA device over in a file. It is in memory where there is such a "
    "place, else in TMPDIR, and is removed."
)
UNSEALED = (
    "NO SEAL was chosen: the files are in the clear, and only you can read them. Move each to a safe place and delete "
    "it here."
)


def script(setup: Setup, plan: Plan) -> str:
    """The whole script, which ends with a line break. Raises ``Problem`` if it would have to guess a document."""
    m = script_context(setup)
    parts = [
        "\n".join(_head(m)),
        shell(m),
        *functions(m),
        "\n".join(("# Before the first write", *preflight(m), "")),
        *_steps(m, plan),
        "\n".join(_end(m)),
    ]
    return "\n".join(parts) + "\n"


def _head(m: ScriptContext) -> Iterator[str]:
    yield "#!/usr/bin/env bash"
    yield comment(f"Makes the emergency user {m.name} in account {m.account_id}, as breakglass-tui would.")
    yield "#"
    yield comment("Run it as  bash FILE [DIRECTORY]  with credentials of that account, AWS CLI 1 or 2.")
    yield comment(f"It needs {', '.join(programs(m))}. No secret is shown, or stands in an argument or the history.")
    files = files_of(m)
    if files:
        where = f"The secrets go into DIRECTORY, ./{m.name} if none is given:"
        yield from map(comment, (where, *(f"  {file}" for file in files)))
    if any(file.endswith(f".{IN_THE_CLEAR}") for file in files):
        yield comment(UNSEALED)
    yield "#"
    yield from map(comment, NOT_DONE)
    if m.request.mfa != "none":
        yield comment(SEED_FILE)
    yield comment(f"Afterwards:  breakglass-tui validate --user-name {m.name}")
    yield ""


def _steps(m: ScriptContext, plan: Plan) -> Iterator[str]:
    """The steps one after the other, in the order of the plan: what gives power comes last."""
    steps = plan.in_order
    for number, step in enumerate(steps, start=1):
        title = comment(show(f"{number}. {step.title}: {step.change.sentence}", 4096))
        yield "\n".join((title, f"say {_words(step, number, len(steps))}", *STEPS[step.id](m), ""))


def _words(step: Step, number: int, of: int) -> str:
    return f"'{number} of {of}: {step.id}'"


def _end(m: ScriptContext) -> Iterator[str]:
    yield f"say 'Done. Now prove it: breakglass-tui validate --user-name {m.name}'"
