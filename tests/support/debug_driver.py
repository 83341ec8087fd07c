"""The real program with every log turned on, on the root logger and on the logger of each library.

The argument before the program's own is the file that these logs go to.
"""

from __future__ import annotations

import logging
import sys

import boto3

if __name__ == "__main__":
    into = logging.FileHandler(sys.argv.pop(1))
    logging.basicConfig(level=logging.DEBUG, handlers=[into, logging.StreamHandler(sys.stderr)])
    boto3.set_stream_logger("")
    for name in ("botocore", "boto3", "urllib3", "s3transfer", "moto", "werkzeug"):
        logging.getLogger(name).addHandler(into)
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger("somebody").debug("every log is on")
    from breakglass_tui import cli

    cli.main()
