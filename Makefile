# `make bench` goes from the seeds to scored baselines, `make lint test` checks style and types and runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: bench test lint outside release clean

bench: $(VENV)/.installed
	$(BIN)/communique build
	$(BIN)/communique verify
	$(BIN)/communique bench

test: $(VENV)/.developed
	$(BIN)/python -m pytest --numprocesses auto

lint: $(VENV)/.developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Wheel and sdist, used where no checkout is.
outside: $(VENV)/.developed
	$(BIN)/python tools/outside.py

# make release VERSION=1.2.3 [WITH='--dry-run']: docs/howto/release.md.
release: $(VENV)/.developed
	$(BIN)/python tools/release.py $(VERSION) $(WITH)

clean:
	rm -rf $(VENV) build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("communique needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	touch $@

$(VENV)/.developed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[dev]'
	touch $(VENV)/.installed $@
