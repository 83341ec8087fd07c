"""Writes the published schema of report.json from the classes that define it."""

from __future__ import annotations

import json
from pathlib import Path

from breakglass_tui.report import schema

TARGET = Path(schema.__file__).with_name("report.schema.json")


def main() -> None:
    """Write the schema file of the package."""
    TARGET.write_text(json.dumps(schema.json_schema(), indent=2) + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
