"""The four phases as lines of text: for pipes, CI jobs and screen readers."""
