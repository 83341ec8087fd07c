"""The help of the Validation screen."""

ABOUT = """\
What it does
  Compares the expected user with the user in AWS. Each line is one check: what is expected, what AWS reports, and \
the calls with their request ids. The verdict on top answers one question: does the user work if IAM's control plane \
is down? Press v for every reason, and for the step that clears it.
  ✓ PASS  as expected
  ⚠ WARN  works, with a risk
  ✗ FAIL  does not work, or differs from the request
  – SKIP  could not be tested, never counts as a pass

What it will change
  Nothing in AWS. Checks only read. Some also call AWS with the new access key, to test it: they get its identity, \
an MFA session and the session of the role, read their own user, and make one write as a dry run. Export writes the \
report into the directory of the envelopes, or, for a user that this session did not create, into a new one. This \
machine records which credentials were tested, and the MFA devices that you accept. For what the first sign-in \
changes, press f and then f1.

Keys
  ↑ ↓ j k g G  choose a check, its details are beside it
  tab          move to the details and back, the same keys scroll them
  v            show the verdict with every reason, and the step that clears each
  f            first sign-in, if it is due: replace the temporary password
  c            show the results by standard (CIS, FSBP, NIST, PCI DSS)
  r            run the chosen check again
  R            run all checks again
  e            export the report
  ctrl+r       after a problem: run the check again, or write the report again
  y            copy the path of the report
  a            accept an MFA device that no run enrolled, if you know who holds it
  i            show the user: ARN, ids, sign-in page, envelopes
  l            show the log: one line for every call
  esc          back to the previous screen
  f4           go to the start
  ctrl+p       all commands, including: validate another user
  ctrl+q       quit

Verdicts
  READY         works, even if IAM's control plane is down
  N STEPS LEFT  works after the steps that this screen lists
  NOT READY     a required check failed
  NOT PROVEN    no check failed, but a required check has no result
  RISKS         facts that weaken a READY user, without changing the verdict"""
