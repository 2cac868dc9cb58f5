# `make install` sets up .venv, `make bench` goes from the seeds to scored baselines, `make lint test` checks style and
# types and runs every test, `make docs` writes all pages as one site to build/docs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: install bench test chromium lint docs outside release clean

install: $(VENV)/.installed

bench: $(VENV)/.installed
	$(BIN)/communique build
	$(BIN)/communique verify
	$(BIN)/communique bench

test: $(VENV)/.developed chromium
	$(BIN)/python -m pytest --numprocesses auto

# The pages are tried in a browser where there is one: as root on Debian it is installed, else these tests are skipped.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -o Acquire::Retries=0 -o Acquire::http::Timeout=20 update -qq \
	&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } \
	|| echo "there is no chromium: pages will not be tried in a browser"

lint: $(VENV)/.developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.documented
	$(BIN)/python -m sphinx --conf-dir docs --fail-on-warning --fresh-env --quiet . build/docs
	@echo build/docs/index.html

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
	$(PIP) --upgrade pip

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[site,xlsx]'
	touch $@

$(VENV)/.developed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[dev]'
	touch $(VENV)/.installed $@

$(VENV)/.documented: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[docs]'
	touch $(VENV)/.installed $@
