"""The plan as a bash script of AWS CLI commands. In the same account, it creates the same resources as a run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from breakglass_tui.commands.comments import LIMIT, command_comment, comment
from breakglass_tui.commands.script_context import ScriptContext, script_context
from breakglass_tui.commands.script_envelopes import CLEARTEXT_SUFFIX
from breakglass_tui.commands.script_functions import shell_functions
from breakglass_tui.commands.script_preamble import output_files, preflight_checks, required_programs, shell_settings
from breakglass_tui.commands.step_commands import STEPS
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.plan import Plan, Step

DIFFERENCES = (
    "What breakglass-tui does and this script does not:",
    "  rollback   If a command fails, the script ends, keeps the resources and prints the commands that remove them.",
    "  resume     There is no journal. After a lost answer or a crash it cannot find its resources or continue.",
    "  preflight  Names, quotas, permissions and the password policy are not checked before the first write.",
    "  validate   Nothing is read back or tested. There is no report and no runbook.",
)
SEED_FILE = (
    "  memory     The AWS CLI writes the seed of the MFA device to a file. The file is in memory if possible, "
    "otherwise in TMPDIR. The script deletes it."
)
TOGETHER = "Numbers in a file name, such as 1+2: only these recipients together can open the file. 1 is the first one."
UNSEALED = (
    "NO SEAL was chosen. The files are not encrypted, but only you can read them. Move each file to a safe place, "
    "and delete it here."
)


def script(setup: Setup, plan: Plan) -> str:
    """Return the script with a final line break.

    Raises ``Problem`` if a policy document that it contains was not read.
    """
    ctx = script_context(setup, plan)
    parts = [
        "\n".join(_header(ctx)),
        shell_settings(ctx),
        *shell_functions(ctx),
        "\n".join(("# Checks before the first write", *preflight_checks(ctx), "")),
        *_steps(ctx, plan),
        _end(ctx),
    ]
    return "\n".join(parts) + "\n"


def _header(ctx: ScriptContext) -> Iterator[str]:
    yield "#!/usr/bin/env bash"
    yield from ctx.place_lines
    yield comment(f"Create the emergency user {ctx.name} in account {ctx.account_id}, as breakglass-tui does.")
    yield "#"
    yield comment("Run it with credentials of this account:")
    yield command_comment("bash FILE [DIRECTORY]")
    yield comment(f"Required programs: {', '.join(required_programs(ctx))}. AWS CLI 1 and 2 both work.")
    calls = f"only {ctx.endpoint}" if ctx.endpoint else "only AWS"
    yield comment(f"The script calls {calls}. Configured endpoint URLs are ignored.")
    yield comment("Secrets are never printed. They are not in any command argument or in the shell history.")
    files = output_files(ctx)
    if files:
        yield comment(f"The script writes these files to DIRECTORY (default: ./{ctx.name}):")
        yield from map(command_comment, files)
    if any("+" in file.removeprefix(ctx.name) for file in files):
        yield comment(TOGETHER)
    if any(file.endswith(f".{CLEARTEXT_SUFFIX}") for file in files):
        yield comment(UNSEALED)
    yield "#"
    yield from map(comment, DIFFERENCES)
    if ctx.request.mfa != "none":
        yield comment(SEED_FILE)
    yield "#"
    yield comment("After the script, validate the user:")
    yield command_comment(ctx.validate_command)
    yield ""


def _steps(ctx: ScriptContext, plan: Plan) -> Iterator[str]:
    """Yield the commands of each step in the order of the plan. The steps that grant permissions come last."""
    steps = plan.in_order
    for number, step in enumerate(steps, start=1):
        title = comment(show(f"{number}. {step.title}: {step.change.sentence}", LIMIT))
        yield "\n".join((title, f"log {_progress(step, number, len(steps))}", *STEPS[step.id](ctx), ""))


def _progress(step: Step, number: int, total: int) -> str:
    return shlex.quote(f"{number} of {total}: {step.id}")


def _end(ctx: ScriptContext) -> str:
    return f"log {shlex.quote(f'Done. Next, validate the user: {ctx.validate_command}')}"
