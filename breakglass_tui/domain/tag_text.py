"""Tags as text, in the form ``key=value, key=value``."""

from __future__ import annotations

from breakglass_tui.domain.text import show


def parse_tags(text: str) -> dict[str, str]:
    """Return the tags in ``text``, which has the form ``key=value, key=value``, as values by key. A value may be empty.

    Raises:
        ValueError: a part has no ``=``, or a key appears twice.
    """
    tags: dict[str, str] = {}
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ValueError("write tags as key=value, separated by commas")
        if key in tags:
            raise ValueError(f"the tag {show(key, 40)} appears twice")
        tags[key] = value
    return tags
