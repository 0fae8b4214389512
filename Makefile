# Two commands are all a newcomer needs: make demo and make test.
# Everything is installed into .venv, from requirements.lock, with hashes.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
BIN := .venv/bin
ON_ALL_CORES := --numprocesses=auto --dist=loadfile

# A .venv that was half made, moved, or has lost its Python is made anew.
ifneq ($(shell $(BIN)/python -c 'print(open(".venv/made-in").read())' 2>/dev/null),$(CURDIR))
.PHONY: .venv/made-in
endif

# Prints the first suitable Python, or says what is missing and what to type.
define FIND_PYTHON
if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; else set -- python3.14 python3.13 python3.12 python3.11 python3; fi
suitable=
for candidate; do
  "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || continue
  suitable=$$candidate
  if command -v uv >/dev/null || "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$$candidate"
    exit 0
  fi
done
if [ -n "$$suitable" ]; then
  package=$$("$$suitable" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  echo "$$suitable cannot make a virtual environment: its venv or ensurepip module is missing." >&2
  echo "Nothing was installed. On Debian and Ubuntu: apt-get install $$package" >&2
else
  echo "No Python from 3.11 to 3.14 answers to: $$*" >&2
  echo "Nothing was installed. On Debian and Ubuntu: apt-get install python3 python3-venv" >&2
fi
echo "Or name one: make PYTHON=/path/to/python3.13 $(MAKECMDGOALS)" >&2
exit 1
endef
export FIND_PYTHON PYTHON

.venv/made-in: requirements.lock
	@python=$$(sh -c "$$FIND_PYTHON") && rm -rf .venv && \
	if command -v uv >/dev/null; then \
	  echo "Setting up .venv with uv" && \
	  uv venv --quiet --no-project --python "$$python" .venv && \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock; \
	else \
	  echo "Setting up .venv with pip (a few minutes the first time)" && \
	  "$$python" -m venv .venv && \
	  $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock; \
	fi
	@printf %s '$(CURDIR)' > $@

.venv/installed: .venv/made-in pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-deps --no-index --no-build-isolation --editable .
	@touch $@

.PHONY: help setup demo dev dev-demo test test-all mutations check format bench lock clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

setup: .venv/installed ## install everything into .venv (the other commands do so by themselves)

demo: .venv/installed ## load seven days of leads from a sandbox into data/demo, and show them
	@$(BIN)/lead-pipeline demo

dev: .venv/installed ## open the Dagster UI on your own accounts (.env)
	@$(BIN)/lead-pipeline dev

dev-demo: .venv/installed ## open the Dagster UI on the sandbox and data/demo
	@$(BIN)/lead-pipeline dev --demo

test: .venv/installed ## run the tests
	$(BIN)/pytest -m "not slow" $(ON_ALL_CORES)

test-all: .venv/installed ## run the tests, the slow ones too
	$(BIN)/pytest $(ON_ALL_CORES)

check: .venv/installed ## format, lint, types, house rules and Dagster definitions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	DAGSTER_HOME='$(CURDIR)' VIRTUAL_ENV='$(CURDIR)/.venv' $(BIN)/dg check defs

format: .venv/installed ## rewrite the code as make check wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

mutations: .venv/installed ## plant faults in a copy of the code, and see that the tests see each
	$(BIN)/python -m lead_pipeline_tests.mutations

bench: .venv/installed ## measure time and memory against a hand-written floor
	$(BIN)/python -m benchmarks

lock: ## rewrite requirements.lock from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "uv is missing. Nothing was changed. Type: pip install uv" >&2; exit 1; }
	uv pip compile pyproject.toml --quiet --extra development --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --no-strip-extras \
	  --output-file requirements.lock

clean: ## delete what these commands made: .venv, caches and data/demo (nothing else in data)
	rm -rf .venv data/demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find lead_pipeline lead_pipeline_tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
