# Needs GNU make 4 and Python 3.11 or newer; everything else is set up in .venv.
# `make` lists the targets. PYTHON=/path/to/python3 chooses the interpreter of the environment.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
# The first of these that is 3.11 or newer and can make an environment is used.
PYTHON_CANDIDATES := $(or $(PYTHON),python3.11 python3 python3.13 python3.12)
# Tests run in as many processes as there are processors; those of one file stay together, with what they share.
PARALLEL ?= -n auto --dist loadfile
LOCK_TOOLS := data/work/lock-tools
DUCKDB2 := data/work/duckdb2

# Nothing here tells its maker that it was run.
export DAGSTER_DISABLE_TELEMETRY := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Containers often forbid Python to keep what it has compiled: each process of a night would compile all it loads.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup nightly test lake-test test-duckdb2 check lint format dev bench docs lock catalog clean

help: ## List the targets
	@echo "Targets:"
	@grep -hE '^[a-z0-9-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' \
	  | while IFS=$$'\t' read -r name text; do printf '  %-12s %s\n' "$$name" "$$text"; done

setup: $(VENV)/.ready ## Install everything into .venv, from the hash-locked list
	@echo "$(VENV) is ready."

nightly: $(VENV)/.ready ## Run the whole nightly on data/raw
	@$(BIN)/hatangso nightly

test: $(VENV)/.ready ## Run every test (PYTEST_ARGS="-k words" chooses)
	@$(BIN)/python -m pytest -q -rs $(PARALLEL) $(PYTEST_ARGS)

check: lint ## Lint, types, import rules and the quick tests
	@$(BIN)/python -m pytest -q -rs -m "not slow and not browser" $(PARALLEL) $(PYTEST_ARGS)

lint: $(VENV)/.ready ## Lint, formatting, types and import rules only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.ready ## Rewrite the code as the formatter wants it
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

dev: $(VENV)/.ready ## Open the Dagster pages on http://127.0.0.1:3000 (PORT=...)
	@mkdir -p data/work/dagster
	@[ -e data/work/dagster/dagster.yaml ] || cp pipelines/dagster.yaml data/work/dagster/dagster.yaml
	@DAGSTER_HOME="$(CURDIR)/data/work/dagster" PATH="$(CURDIR)/$(BIN):$$PATH" \
	  PYTHONWARNINGS='ignore:Function `dev_command` is superseded' \
	  $(BIN)/dagster dev -m pipelines.definitions -h 127.0.0.1 -p $(or $(PORT),3000)

bench: $(VENV)/.ready ## Measure speed and memory
	@$(BIN)/python -m benchmarks.run $(BENCH_ARGS)

lake-test: $(VENV)/.ready ## Test the lake on a PostgreSQL that is started for it and stopped again
	@$(BIN)/python -m pytest -q -rs tests/integration/test_lake.py $(PYTEST_ARGS)

test-duckdb2: $(VENV)/.ready ## Test warehouse, dbt and a night on DuckDB 2, and files of either in the other (its own environment)
	@$(call new_environment,$(DUCKDB2))
	@# The lock without DuckDB 1.5 and its extensions, which fit no other version.
	@awk '/^[a-z0-9]/ {skip = /^duckdb/} !skip' requirements.lock > $(DUCKDB2)/requirements.txt
	@$(DUCKDB2)/bin/python -m pip install --quiet --no-deps --no-compile --only-binary :all: \
	  --require-hashes --requirement $(DUCKDB2)/requirements.txt
	@$(DUCKDB2)/bin/python -m pip install --quiet --no-deps --only-binary :all: "duckdb>=2,<3"
	@$(DUCKDB2)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(DUCKDB2)/bin/python -m pytest -q -rs -p no:cacheprovider tests/contract tests/unit/test_warehouse.py \
	  tests/unit/test_schemas.py tests/integration/test_night.py tests/integration/test_checks.py $(PYTEST_ARGS)
	@$(BIN)/python scripts/exchange_duckdb.py $(BIN)/python $(DUCKDB2)/bin/python

docs: $(VENV)/.ready ## Write docs/indicators.md and docs/data-dictionary.md, and the dbt docs as one page into data/work/dbt/target
	@$(BIN)/python scripts/generate_indicator_pages.py
	@$(BIN)/python scripts/generate_data_dictionary.py
	@[ -e data/work/warehouse.duckdb ] || { echo "There is no warehouse to document yet: run 'make nightly' first." >&2; exit 1; }
	@export HATANGSO_WAREHOUSE="$(CURDIR)/data/work/warehouse.duckdb" \
	   DBT_TARGET_PATH="$(CURDIR)/data/work/dbt/target" DBT_LOG_PATH="$(CURDIR)/data/work/dbt/logs"; \
	 cd dbt_project && "$(CURDIR)/$(BIN)/dbt" docs generate --static --profiles-dir .
	@echo "Open data/work/dbt/target/static_index.html"

lock: ## Work out requirements.lock again from pyproject.toml
	@$(call new_environment,$(LOCK_TOOLS))
	@$(LOCK_TOOLS)/bin/python -m pip install --quiet "pip==25.3" "pip-tools==7.6.2"
	@# The code runs on DuckDB 2 too; locked is the line that is supported until March 2027.
	@echo "duckdb==1.5.*" > $(LOCK_TOOLS)/constraints.txt
	@CUSTOM_COMPILE_COMMAND="make lock" $(LOCK_TOOLS)/bin/pip-compile --quiet --extra dev --extra scale \
	  --constraint $(LOCK_TOOLS)/constraints.txt \
	  --generate-hashes --allow-unsafe --no-strip-extras --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --no-emit-options --output-file requirements.lock $(LOCK_ARGS) pyproject.toml
	@! grep -nE '://|^-' requirements.lock || { echo "requirements.lock names an address or an option: remove the line above." >&2; exit 1; }

catalog: $(VENV)/.ready ## Rewrite administrative units and holidays in data/seeds (development only)
	@$(BIN)/python -m pip install --quiet --no-build-isolation --editable ".[catalog]"
	@$(BIN)/python scripts/generate_admin_units.py
	@$(BIN)/python scripts/generate_public_holidays.py

clean: ## Remove .venv and caches; keeps data/work and data/published
	@rm -rf $(VENV) *.egg-info build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps, so that a change of pyproject.toml does not install the whole lock again.
$(VENV)/.ready: $(VENV)/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.locked: requirements.lock
	@$(call new_environment,$(VENV))
	@echo "Installing the locked requirements into $(VENV) (once; a minute or two) ..."
	@# The lock is complete, so nothing needs resolving; `pip check` says so if this Python needs something else.
	@# Wheels only: building from source would download build tools that no hash guards. Python compiles what it
	@# imports when it first does, which is a small part of all this.
	@$(BIN)/python -m pip install --quiet --no-deps --no-compile --only-binary :all: \
	  --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip check >/dev/null || { $(BIN)/python -m pip check >&2; exit 1; }
	@touch $@

# $(call new_environment,FOLDER): make it unless a working one is there.
define new_environment
[ -x "$(1)/bin/python" ] && "$(1)/bin/python" -m pip --version >/dev/null 2>&1 && exit 0; \
unusable=""; \
for candidate in $(PYTHON_CANDIDATES); do \
  "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
  if "$$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
    rm -rf "$(1)"; exec "$$candidate" -m venv "$(1)"; \
  fi; \
  unusable="$${unusable:-$$candidate}"; \
done; \
if [ -n "$$unusable" ]; then \
  echo "$$unusable cannot make a virtual environment: install its venv module (on Debian and Ubuntu: sudo apt-get install python3-venv), then run make again." >&2; \
else \
  echo "Python 3.11 or newer was not found (tried: $(PYTHON_CANDIDATES)): install it (on Debian 12: sudo apt-get install python3 python3-venv) or name it with make PYTHON=/path/to/python3." >&2; \
fi; \
exit 1
endef
