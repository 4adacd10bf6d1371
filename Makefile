# Sets up what it needs in .venv; needs Python >= 3.11, git and make.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN = $(VENV)/bin
ROUNDS ?= 200
TESTS ?= tests
TILL_LANGUAGE = $(if $(filter en,$(LANGUAGE)),en,nb)

.PHONY: help demo till screenshots test lint crash clean

help:
	@echo "make demo    an evening at the till against the built-in simulator"
	@echo "make till    a till to use in the browser, the console beside it, PowerOffice simulated; Ctrl-C ends it"
	@echo "make screenshots    the pictures of README and docs, taken anew of the real pages; needs Chromium"
	@echo "make test    all tests"
	@echo "make lint    ruff and mypy --strict"
	@echo "make crash   kill the till at random, ROUNDS=$(ROUNDS) times, and count what is lost or doubled"

$(VENV)/.ready: setup.cfg pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@PYTHONWARNINGS=ignore::UserWarning $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(VENV)/.ready
	@$(BIN)/python -m sample_terminal.demo

till: $(VENV)/.ready
	@$(BIN)/python -m sample_terminal.stage --language $(TILL_LANGUAGE)

screenshots: $(VENV)/.ready
	@$(BIN)/python docs/screenshots.py

test: $(VENV)/.ready
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(TESTS)

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

crash: $(VENV)/.ready
	$(BIN)/python -m tests.crash.harness --rounds $(ROUNDS)

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
