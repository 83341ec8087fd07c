"""No modules of the package import each other in a circle. Imports for types and inside functions count."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp

import breakglass_tui


def circle(imports):
    """Return the modules of a circle in ``imports``, or None. ``imports`` has the imported modules of each module."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph(breakglass_tui.__name__, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 100
    assert circle(imports) is None


def test_a_circle_of_two_is_found():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) is not None
