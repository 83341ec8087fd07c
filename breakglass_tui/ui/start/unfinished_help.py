"""The help of the dialog with the unfinished runs."""

ABOUT = """\
What it does
  Shows each run on this machine that has not finished. For each step, Journal is the last recorded status, and AWS \
now is what AWS has.

What it will change
  Nothing, until you choose and confirm.
  Resume  runs the steps that are not done. A secret that is sealed or stored stays valid.
  Undo    removes the resources that this run created. You see the list of them first. Other resources stay.
  Close   changes nothing. The runs stay in this list.

Keys
  r          resume
  u          undo
  ↑ ↓ j k    previous or next run
  PgUp PgDn  scroll
  ctrl+r     read again what could not be read
  esc        close"""
