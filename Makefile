# Sets up what it needs in .venv; needs Python >= 3.11, git and make.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
ROUNDS ?= 200
MINUTES ?= 10
EVENINGS ?= 365
SALES ?= 300
TESTS ?= tests
WORKERS ?= auto
TILL_LANGUAGE = $(if $(filter en,$(LANGUAGE)),en,nb)

.PHONY: help demo till screenshots test lint lock audit bench crash hammer year clean

help:
	@echo "make demo    an evening at the till against the built-in simulator"
	@echo "make till    a till to use in the browser, the console beside it, PowerOffice simulated; Ctrl-C ends it"
	@echo "make screenshots    the pictures of README and docs, taken anew of the real pages; needs Chromium"
	@echo "make test    all tests"
	@echo "make lint    ruff and mypy --strict"
	@echo "make lock    requirements-dev.lock written anew: the versions that are tested, each with its hashes"
	@echo "make audit   look the versions of requirements-dev.lock up in the lists of known vulnerabilities"
	@echo "make bench   measure the speed beside what one would use instead, and write docs/performance.md; QUICK=1 only tries it"
	@echo "make crash   kill till and sender at random, ROUNDS=$(ROUNDS) times, and count what is lost or doubled"
	@echo "make hammer  eight processes at one outbox for MINUTES=$(MINUTES), and count what is refused, lost or doubled"
	@echo "make year    play EVENINGS=$(EVENINGS) of SALES=$(SALES) sales with faults at random, measure, and compare the books"

$(VENV)/.ready: setup.cfg pyproject.toml requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	@$(PIP) --require-hashes --requirement requirements-dev.lock || \
		echo "not every locked version can be had here: others that setup.cfg allows are taken"
	@PYTHONWARNINGS=ignore::UserWarning $(PIP) --editable '.[dev]'
	@touch $@

demo: $(VENV)/.ready
	@$(BIN)/python -m sample_terminal.demo

till: $(VENV)/.ready
	@$(BIN)/python -m sample_terminal.stage --language $(TILL_LANGUAGE)

screenshots: $(VENV)/.ready
	@$(BIN)/python docs/screenshots.py

test: $(VENV)/.ready
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(TESTS)

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: $(VENV)/.ready
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--extra dev --output-file requirements-dev.lock setup.cfg

audit:
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.9,<3' || true
	@$(PYTHON) .ci/audit.py .venv-audit/bin/pip-audit requirements-dev.lock

bench: $(VENV)/.ready
	@$(BIN)/python -m tests.benchmarks $(PARTS) $(if $(QUICK),--quick)

crash: $(VENV)/.ready
	@$(BIN)/python -m tests.crash.harness --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED))

hammer: $(VENV)/.ready
	@$(BIN)/python -m tests.concurrency.hammer --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

year: $(VENV)/.ready
	@MALLOC_ARENA_MAX=1 $(BIN)/python -m tests.year.play --evenings $(EVENINGS) --sales $(SALES)

clean:
	rm -rf $(VENV) .venv-audit build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
