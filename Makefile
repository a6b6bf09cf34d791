# Every command of the project. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench

.DEFAULT_GOAL := help
.PHONY: help setup run demo test test-postgresql fuzz test-faults lint format texts rounds screenshots lock bench clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Shixi needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.ready ## make .venv/bin/shixi

run: setup ## start the bot with the settings in .env
	$(BIN)/shixi run

demo: setup ## try it in the browser: three phones, a school, no token
	@$(BIN)/shixi demo

test: setup ## run all tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-postgresql: setup ## the rooms and both rounds once more, on PostgreSQL
	SHIXI_TEST_KIND=postgresql $(BIN)/python -m pytest -n 2 --dist worksteal tests/handlers tests/rounds

test-faults: setup ## kills, storms and outages at length, 15 minutes; SHIXI_FAULTS_SEED=N repeats a run
	SHIXI_FAULTS=long $(BIN)/python -m pytest -n 2 --dist worksteal -rP tests/faults

$(BENCH)/.ready: requirements-bench.txt pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	$(BENCH)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

bench: $(BENCH)/.ready ## measure the bot beside its rivals, print a table, write bench.json; ARGS="--quick --only log"
	$(BENCH)/bin/python -m tests.bench $(ARGS)

SEED ?= $(shell date +%s)
PLAYS ?= 100

fuzz: setup ## let people do anything at all, on both databases; SEED=… PLAYS=… repeats it
	SHIXI_FUZZ=long SHIXI_FUZZ_PLAYS=$(PLAYS) $(BIN)/python -m pytest -n 2 tests/fuzz --hypothesis-seed=$(SEED)

lint: setup ## ruff, format check, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## put the code into its form
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

texts: setup ## collect the ids of all sentences into locales/messages.pot
	$(BIN)/pybabel -q extract -F locales/babel.cfg -k _ -k N_ -k texts -k plain -k plural:1,1 -k plain_plural:1,1 \
		--no-location --sort-output --omit-header -o locales/messages.pot bot handlers

rounds: setup ## play both rounds and write docs/rounds.md
	$(BIN)/python -m tests.rounds.write

screenshots: setup ## take the pictures of docs/pictures anew, in a browser
	SHIXI_SCREENSHOTS=docs/pictures SHIXI_BROWSER_REQUIRED=1 \
		$(BIN)/python -m pytest tests/browser -k "(newcomer and zh) or announcement"

PIN := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-emit-index-url \
	--no-annotate pyproject.toml

lock: setup ## pin the newest fitting versions with their hashes
	$(BIN)/pip install --quiet uv
	$(PIN) -o requirements.txt
	$(PIN) --extra dev -o requirements-dev.txt
	$(PIN) --extra dev --extra bench -o requirements-bench.txt

clean: ## remove what the commands made (never your data)
	rm -rf $(VENV) $(BENCH) .mypy_cache .ruff_cache .pytest_cache build *.egg-info
