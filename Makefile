# Every verb of the house. `make` alone lists them.

VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
READY := $(VENV)/.ready
CLIENTS := tests/surfaces/clients
SQUARE := tests/surfaces/connect/square/node
PORT ?= 8000
POSTINGS ?= 1000000
MANY ?= 10000000
DRILLS ?= 30
MEMBERS ?= 1000000
PROGRAMS ?= 100000
DATA ?= ../shared/data/online_retail_2010_2011_lines.parquet
# Which day's turn it is (tests/turns.py): what is like a hundred others is tested every few days.
# `make test DAY=2026-11-30`, or DAY= for all days; a DAY of the environment is somebody else's.
DAY = $(shell date +%F)
PYTEST ?= REGULARS_TESTS_DAY='$(DAY)' $(BIN)/pytest -n logical --dist loadfile --no-loadscope-reorder
# What is imported is compiled when it first is; compiling all of numpy's own tests takes a minute.
PIP := -m pip install --quiet --disable-pip-version-check --no-compile
# The system's own Python first: distributions build it with profile-guided optimisation, which
# makes an earn about a fifth cheaper than a plain build, and keep it patched.
PYTHON ?= $(shell for p in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  && echo $$p && break; done)

# Whoever forbids Python to keep what it compiled has each of a test's many programs compile anew.
export PYTHONDONTWRITEBYTECODE =
export PORT

.DEFAULT_GOAL := help
.PHONY: help demo retail test check fast format nightly bench bench-earn compiled drill drills upgrading verify verify-many seed-many docs screens lock clean

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ See it work
demo: $(RUNS) ## a coffee shop with members and a test key (PORT=8000)
	@exec $(BIN)/regulars demo

retail: $(RUNS) ## a year of a real shop through the real flows (DATA=file.parquet)
	@exec $(BIN)/regulars retail "$(DATA)"

verify: $(RUNS) ## check every invariant of the books
	@exec $(BIN)/regulars verify

compiled: $(READY) ## the rules in machine code, for who brings history over in bulk (needs a C compiler and Python's headers)
	$(BIN)/python packaging/compile.py

##@ Work on it
test: $(READY) ## all tests, of what is played in turns those of today (DAY=2026-11-30; DAY= for all)
	$(PYTEST) tests

check: $(READY) ## format, lint, types, imports, tidy, tests without a database: under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(PYTEST) -q -m "not slow and not database" tests

fast: $(READY) ## every test but the slow ones, on a real PostgreSQL: some minutes
	$(PYTEST) -q -m "not slow" tests

format: $(READY) ## bring the source into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY) ## generate the reference under docs/reference
	$(BIN)/python -m regulars docs
	$(BIN)/python -m tests.docs.planted_page

screens: $(READY) ## take the pictures of the README anew, from a demo of their own
	$(BIN)/python -m tests.browser.screens

lock: $(READY) ## pin what requirements*.in ask for, with hashes
	for each in requirements requirements-build requirements-dev requirements-node requirements-clients; do \
	  $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	    --no-emit-index-url --no-emit-find-links -o $$each.lock $$each.in || exit 1; done

clean: ## remove the virtual environment and everything generated
	rm -rf $(VENV) build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

##@ Measure it
bench: $(READY) ## every goal beside its peers; writes bench/latest.json
	$(BIN)/python bench/run.py
	$(BIN)/python -m bench.sides.importing --out bench/latest.json
	$(BIN)/python -m bench.sides.midnight --out bench/latest.json
	$(BIN)/python -m bench.sides.growth --out bench/latest.json
	$(BIN)/python -m bench.sides.coding --out bench/latest.json
	$(BIN)/python -m bench.sides.screens --out bench/latest.json
	$(BIN)/python -m bench.field.connected --out bench/latest.json
	$(BIN)/python -m bench.field.preparing --out bench/latest.json
	$(BIN)/python -m bench.field.reporting --out bench/latest.json
	$(BIN)/python -m bench.field.segmenting --out bench/latest.json
	$(BIN)/python -m bench.sides.webhooks --out bench/latest.json
	$(BIN)/python -m bench.sides.inbound --out bench/latest.json
	$(BIN)/python -m bench.sides.backfilling --out bench/latest.json
	$(BIN)/python -m bench.sides.changeover --out bench/latest.json
	$(BIN)/python -m bench.sides.replaying --out bench/latest.json
	$(BIN)/python -m bench.sides.replaying_baskets --out bench/latest.json
	$(BIN)/python -m bench.sides.fitting --out bench/latest.json
	$(BIN)/python -m bench.sides.slowest --programs $(PROGRAMS) --out bench/latest.json

bench-earn: $(READY) ## the write path alone, in under three minutes
	$(BIN)/python bench/run.py --only P1 --without pgbench_lean --seconds 4 --warm-up 1 --rounds 3

drill: $(READY) ## lose a shop's disk and restore it; what is lost and how long it takes (POSTINGS=1000000)
	$(BIN)/python -m bench.field.drills --postings $(POSTINGS) --out bench/latest.json

drills: $(READY) ## so many restore drills in a row, each killed at random (DRILLS=30: an hour)
	$(BIN)/python -m bench.field.drills.many --drills $(DRILLS)

upgrading: $(READY) ## every migration on so many members while a till goes on; how long it waits (MEMBERS=1000000)
	$(BIN)/python -m bench.field.drills.upgrading --members $(MEMBERS)

seed-many: $(READY) ## copy so many members with ten lots each into books of their own (MEMBERS=1000000: some 5 GB and 7 minutes)
	$(BIN)/python -m bench.field.growing --members $(MEMBERS) --lots 10 --verify

verify-many: $(READY) ## sell so many postings, verify them, print how long it took (MANY=10000000)
	$(BIN)/python -m bench.sides.verifying --postings $(MANY)

nightly: $(READY) ## all tests at their large sizes
	REGULARS_TEST_SIZE=nightly $(PYTEST) -o timeout=14400 tests

$(RUNS): requirements.lock requirements-build.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Regulars needs Python 3.11 or newer with venv (on Debian and Ubuntu: apt install python3-venv). Install it, or run: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11. Run: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python has no venv module. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(BIN)/python $(PIP) --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# What makes it ready is brought by two at a time; each of them waits for what it stands on.
MAKEFLAGS += --jobs=2

$(READY): $(VENV)/.tools
	@touch $@

$(VENV)/.tools: $(RUNS) requirements-dev.lock
	$(BIN)/python $(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(READY): $(VENV)/.square

# Square's own client for Node, from a lock file; Node itself from PyPI where the machine has none.
$(VENV)/.square: $(RUNS) requirements-node.lock $(SQUARE)/package-lock.json
	@command -v npm >/dev/null || $(BIN)/python $(PIP) --require-hashes -r requirements-node.lock
	@mkdir -p $(VENV)/square && cp $(SQUARE)/package.json $(SQUARE)/package-lock.json $(VENV)/square
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --prefix $(VENV)/square --ignore-scripts --omit=dev --no-audit --no-fund --silent
	@touch $@

$(READY): $(VENV)/.clients

# What makes clients of strangers out of the OpenAPI document, apart from our own environment.
$(VENV)/.clients: $(VENV)/.square requirements-clients.lock $(CLIENTS)/node/package-lock.json
	@test -x $(VENV)/clients/bin/python || $(BIN)/python -m venv $(VENV)/clients
	@$(VENV)/clients/bin/python $(PIP) --require-hashes -r requirements-clients.lock
	@cp $(CLIENTS)/node/package.json $(CLIENTS)/node/package-lock.json $(VENV)/clients
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --prefix $(VENV)/clients --ignore-scripts --omit=dev --no-audit --no-fund --silent
	@touch $@
