"""Emergency (break-glass) access to AWS, tested before you need it."""

__version__ = "0.1.0"
