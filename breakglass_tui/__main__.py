"""The entry point of ``python -m breakglass_tui``."""

from __future__ import annotations

from breakglass_tui.cli import main

if __name__ == "__main__":
    main()
