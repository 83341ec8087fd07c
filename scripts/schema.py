"""Write ``report/report.schema.json``, the published schema of report.json, from the classes of the report."""

from __future__ import annotations

import json
from pathlib import Path

from breakglass_tui.report import schema

TARGET = Path(schema.__file__).with_name("report.schema.json")


def main() -> None:
    """Write the schema file into the package, and print its path."""
    TARGET.write_text(json.dumps(schema.json_schema(), indent=2) + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
