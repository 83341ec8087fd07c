# Everything works on a machine with only python 3.11 (or newer), make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Tests and measurements start hundreds of processes: each would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test matrix check bench screenshots format clean

help: ## show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "breakglass-tui needs Python 3.11 or newer, and $(PYTHON) is older or missing:" \
	       "make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

demo: $(STAMP) ## the app on a simulated account; AWS is not touched
	@$(BIN)/breakglass-tui --demo

# Four workers on two processors: keys, terminals and processes are waited for a third of the time.
test: check ## everything that must hold: style, types, layers, tests, wheel
	$(BIN)/python -m pytest -n 4

matrix: $(STAMP) ## every fault at every call of a run, a kill at every record of its journal, a long random play, every mutation
	$(BIN)/python -m pytest -n 3 -m "matrix or not matrix" tests/matrix tests/state_machine tests/mutations

check: $(STAMP) ## style, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) ## speed, as ratios against the budgets
	$(BIN)/python scripts/bench.py

screenshots: $(STAMP) ## draw screenshots/ anew
	$(BIN)/python scripts/screenshots.py
	$(BIN)/python scripts/tour.py

format: $(STAMP) ## put the code into the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what make and Python made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
