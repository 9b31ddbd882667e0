# `make` alone explains itself. Everything is installed into .venv; nothing else of the machine changes.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
WIDGET := server/widget

SEEDS ?= 0-999
ROUNDS ?= 50
JOBS ?= auto
ARGS ?=

# Tests start hundreds of processes: without its bytecode kept, each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

# An environment whose Python was removed or upgraded away is of no use: it is made anew.
ifneq ($(wildcard $(VENV)/pyvenv.cfg),)
$(shell $(BIN)/python -c '' >/dev/null 2>&1 || rm -rf $(VENV))
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup installed demo test check widget sim soak fuzz engines bench bench-routing picture weights pins clean

help:
	@echo "supportterm: live chat for webshops, with agents in a terminal"
	@echo
	@echo "  make demo     try it: server, a demo shop, practice customers and the console, right here"
	@echo "  make setup    only make .venv and install supportterm into it"
	@echo
	@echo "  make test     every test: the rules, the store, the console, the browser, a simulation, crashes"
	@echo "  make check    formatting, lint, types, import rules, generated files, the widget's checks"
	@echo "  make widget   build the widget anew from its source (needs Node)"
	@echo
	@echo "  make sim      simulate the whole system from many seeds        SEEDS=0-999"
	@echo "  make soak     kill the server again and again under load       ROUNDS=50"
	@echo "  make fuzz     look longer for texts and frames that break something"
	@echo "  make engines  play a chat through in Firefox and WebKit (needs firefox-esr, webkit2gtk-driver, xvfb)"
	@echo "  make bench    measure speed against a bare relay on this machine"
	@echo "  make bench-routing  simulate days of customers under ours and other ways of routing"
	@echo "  make picture  photograph console and widget anew for README and docs (needs Chromium)"
	@echo
	@echo "  make weights  learn anew from the tests' tables what makes a sentence a promise (docs/promises.md)"
	@echo "  make pins     write requirements/*.txt from what is installed in .venv"
	@echo "  make clean    remove .venv and everything else that was made here"

# --- what the targets stand on; each stamp is as new as what it was made from ---

$(BIN)/python:
	@sh requirements/venv.sh

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing supportterm into $(VENV)"
	@$(PIP) install --requirement requirements/run.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.test $(VENV)/.check $(VENV)/.bench $(VENV)/.weights: $(VENV)/.%: requirements/%.txt $(VENV)/.run
	@echo "Installing what \`make $*\` needs"
	@$(PIP) install --requirement $<
	@touch $@

$(VENV)/.check $(VENV)/.weights: requirements/test.txt

# Exact versions stand in package.json; a lock file made on one platform leaves out the others' binaries.
$(WIDGET)/node_modules/.made: $(WIDGET)/package.json
	@sh .ci/node
	@echo "Installing the widget's tools"
	@cd $(WIDGET) && npm install --no-package-lock --ignore-scripts --no-fund --no-audit --loglevel=error
	@touch $@

# --- to use ---

setup: $(VENV)/.run
	@echo "Ready: $(BIN)/supportterm --help"

# For .ci/run: all that `make test` and `make check` stand on.
installed: $(VENV)/.test $(VENV)/.check $(WIDGET)/node_modules/.made

demo: $(VENV)/.run
	@$(BIN)/supportterm demo $(ARGS)

# --- to change ---

# Node is needed for the widget's source alone: without it the browser still tests what was built.
test: $(VENV)/.test
	@if command -v node >/dev/null 2>&1; then cd $(WIDGET) && node --test --test-reporter=dot test/*.test.js; \
	else echo "Without Node the widget's small tests are left out; the browser's still run."; fi
	@PYTHONHASHSEED=0 $(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadgroup $(ARGS)

check: $(VENV)/.check $(WIDGET)/node_modules/.made
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m supportterm.protocol.schema --check
	cd $(WIDGET) && npm --silent run check
	@echo "All checks passed."

widget: $(WIDGET)/node_modules/.made
	@cd $(WIDGET) && npm --silent run build

sim: $(VENV)/.test
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS) --jobs $$($(BIN)/python -c 'import os; print(os.cpu_count() or 1)') $(ARGS)

soak: $(VENV)/.test
	@CRASH_ROUNDS=$(ROUNDS) CRASH_LENGTH=1 $(BIN)/python -m pytest tests/crash --timeout 0 -s $(ARGS)

fuzz: $(VENV)/.test
	@$(BIN)/python -m pytest -p tests.fuzz -m hypothesis --timeout 0 \
		--numprocesses $(JOBS) $(ARGS)

bench: $(VENV)/.bench
	@$(BIN)/python -m bench $(ARGS)

bench-routing: $(VENV)/.bench
	@$(BIN)/python -m bench.routing $(ARGS)

engines: $(VENV)/.test
	@$(BIN)/python -m tests.engines $(ARGS)

picture: $(VENV)/.test $(VENV)/.bench
	@$(BIN)/python -m docs.pictures $(ARGS)

weights: $(VENV)/.weights
	@$(BIN)/python -m tests.coach.weigh $(ARGS)

pins: $(VENV)/.check $(VENV)/.bench $(VENV)/.weights
	@$(BIN)/python requirements/pin.py

clean:
	@rm -rf $(VENV) build dist-wheel *.egg-info demo-data $(WIDGET)/node_modules \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage \
		snapshot_report.html tests/artifacts
	@find supportterm server tests bench requirements -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Clean."
