"""The help of the Configuration screen."""

ABOUT = """\
What it does
  Runs the plan, independent steps in parallel. The steps that grant permissions run last, so the user has no \
permissions until then. A step that needs you waits, and the other steps continue.

What it will change
  What the Summary has shown, and nothing else.
  If a step fails, the run removes everything that it created. If it cannot remove something, the result shows the \
command that does.
  If the program ends during the run, what was created stays in AWS. At the next start, the start screen lists the run \
under Unfinished. There you can resume it or remove what it created.

Keys
  ↑ ↓ j k    choose a step. If several steps wait for you, this chooses the question
  PgUp PgDn  scroll its details
  enter      submit the codes, retry, or validate when all steps are done
  r          reveal a secret, or the QR code
  c          copy the secret, or the details of the selected step
  s          show the MFA seed as text
  y          confirm that the secret is stored (press twice)
  l          show the log: one line for every call and retry
  n          after an undo, create another user
  ctrl+r     after a run that did not finish: resume it, or remove what it created
  esc        stop the run, and keep or remove what it created
  f4         go to the start, after the run has ended
  ctrl+q     quit

Secrets
  A secret without a seal is shown when you reveal it, one at a time, for 15 seconds (a QR code: 30). After you \
confirm that it is stored, only the first sign-in in this session can show it again. It is hidden at once when the \
terminal loses the focus or changes its size, and when another screen or a dialog opens.

  c copies the secret to the clipboard of your terminal (OSC 52). The clipboard is emptied after 30 seconds, when the \
question is answered, and when the program ends. OSC 52 only writes, so this program cannot know whether the secret \
arrived or is gone. Some terminals ignore it. Clipboard managers, tmux and screen may keep a copy. Over SSH, the \
secret passes every machine on the way. There, c asks you to press it a second time. A program that is killed cannot \
empty the clipboard."""
