# Needs only Python 3.11 or newer, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
WHEELS := --only-binary :all:

# Tests and measurements start hundreds of processes. Without this, each of them would compile the program again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test matrix check bench bench-posting screenshots format dist audit lock upgrade clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# pip downloads only what constraints.txt lists, and compares the hashes. It takes only wheels, because the build of an
# sdist downloads more packages, without hashes. The program itself is built with the backend from the same list.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "breakglass-tui needs Python 3.11 or newer, and $(PYTHON) is older or missing." \
	       "With the path of a newer one in place of PATH, run: make PYTHON=PATH $(MAKECMDGOALS)" >&2; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes $(WHEELS) -r constraints.txt || { \
	  echo "pip could not install the packages in constraints.txt. If it names a package without a file for this" \
	       "platform, it can build that package with tools whose hashes it does not check: make WHEELS= $(MAKECMDGOALS)" \
	       >&2; exit 1; }
	$(PIP) --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip check
	@touch $@

demo: $(STAMP) ## run the app on a simulated account, without AWS
	@$(BIN)/breakglass-tui --demo

# Four workers on two processors: a third of the time, tests wait for keys, terminals and processes.
test: check ## check style, types and layers, run all tests, build the wheel
	$(BIN)/python -m pytest -n 4

matrix: $(STAMP) ## test every fault at every call, a kill at every journal record, long random runs, every mutation (slow)
	$(BIN)/python -m pytest -n 3 -m "matrix or not matrix" tests/matrix tests/state_machine tests/mutations \
		tests/aws/test_operator_policy.py tests/cli/test_closed_terminal.py

check: $(STAMP) ## check style, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) ## measure speed and memory as ratios, and compare them with the budgets
	$(BIN)/python scripts/bench.py

bench-posting: $(STAMP) ## compare the first paint with that of posting, in a venv that is removed again (needs the network)
	$(BIN)/python scripts/bench_posting.py

screenshots: $(STAMP) ## draw the pictures in screenshots/ again
	$(BIN)/python scripts/screenshots.py
	$(BIN)/python scripts/tour.py

format: $(STAMP) ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

dist: $(STAMP) ## build sdist, wheel, SBOM and SHA256SUMS of the last commit into dist/
	$(BIN)/python scripts/dist.py

audit: $(STAMP) ## look for known vulnerabilities of the packages in constraints.txt (needs the network)
	@$(BIN)/python scripts/audit.py

lock: $(STAMP) ## write constraints.txt again after a change of pyproject.toml (needs the network)
	$(BIN)/python scripts/lock.py

upgrade: $(STAMP) ## write constraints.txt with the newest allowed versions (needs the network)
	$(BIN)/python scripts/lock.py --upgrade

clean: ## remove .venv, builds and caches
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
