"""The phases of the app as lines of text, for pipes, CI jobs, screen readers and serial lines."""
