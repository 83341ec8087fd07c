"""Look for known vulnerabilities of the packages in ``constraints.txt``, with pip-audit.

Exit codes: 0 none is known, 1 some are known, 2 the data of at least one package could not be read, so that nothing is
proven about it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLEAN, VULNERABLE, NOT_CHECKED = 0, 1, 2
AUDIT = ("pip_audit", "--requirement", "constraints.txt", "--require-hashes", "--disable-pip", "--format", "json")


def result(output: str, errors: str) -> tuple[int, list[str]]:
    """Return the exit code and the lines to print for the ``output`` of pip-audit and for its ``errors`` on stderr."""
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = "NOT CHECKED: pip-audit could not read the data of known vulnerabilities."
        return NOT_CHECKED, [*errors.strip().splitlines()[-1:], said]
    known = [
        f"{one['name']} {one['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'no version'}"
        for one in packages
        for found in one.get("vulns", ())
    ]
    unread = [one["name"] for one in packages if "skip_reason" in one]
    checked = len(packages) - len(unread)
    if unread or not packages:
        said = f"NOT CHECKED: no data could be read for {len(unread)} of {len(packages)} packages: {', '.join(unread)}"
        why = [f"The reason for {one['name']}: {one['skip_reason']}" for one in packages if "skip_reason" in one][:1]
        return VULNERABLE if known else NOT_CHECKED, [*known, *why, said]
    if known:
        return VULNERABLE, [*known, f"VULNERABLE: {len(known)} known vulnerabilities in {checked} packages."]
    return CLEAN, [f"No known vulnerabilities in {checked} packages."]


def main() -> int:
    """Run pip-audit, print the result, and return the exit code."""
    done = subprocess.run([sys.executable, "-m", *AUDIT], cwd=ROOT, capture_output=True, text=True, check=False)
    code, lines = result(done.stdout, done.stderr)
    print(*lines, sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
