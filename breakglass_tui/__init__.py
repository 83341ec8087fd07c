"""Emergency (break-glass) access to AWS, proven before you need it."""

__version__ = "0.1.0"
