# make run shows the portal, make test checks everything; both prepare what they need.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
HOST ?= 127.0.0.1
python := .venv/bin/python
step := printf '\n== %s\n'
# Commands get a database of their own, which is gone afterwards: a check never touches anybody's data.
with_database := $(python) -m esgportal.embedded
manage := ESGPORTAL_DEBUG=true ESGPORTAL_DEMO=true $(with_database) $(python) manage.py

.PHONY: help setup run test check bench format messages docs

help:
	@echo 'make run       the portal with the demo on http://$(HOST):$(PORT) (PORT=8001 for another port)'
	echo 'make test      all checks and all tests'
	echo 'make check     the checks alone'
	echo 'make bench     measure the portal against the stock way and the floors (docs/performance.md says how to read it)'
	echo 'make format    put code and templates into shape'
	echo 'make messages  collect the texts to translate into locale/, and compile them'
	echo 'make docs      write the generated pages of docs/ anew'
	echo 'make setup     the Python environment in .venv; the others do it by themselves'

setup:
	@mkdir -p .local
	exec 9>.local/setup.lock
	if command -v flock >/dev/null; then flock 9; fi
	base=
	for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
			base=$$candidate
			break
		fi
	done
	if [ -z "$$base" ]; then
		echo 'esgportal needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python3' >&2
		exit 1
	fi
	place="$(CURDIR) $$("$$base" -c 'import sys; print(sys.version_info[:2])')"
	contents=$$(cat requirements.txt requirements-dev.txt | sha256sum)
	if [ "$$(cat .venv/made-for 2>/dev/null || true)" = "$$place" ] && $(python) -c '' 2>/dev/null; then
		if [ "$$(cat .venv/made-from 2>/dev/null || true)" = "$$contents" ]; then exit 0; fi
	else
		$(step) "Python environment in .venv"
		# A link is left alone with what it leads to: clearing it would empty the environment of another folder.
		if [ -L .venv ]; then rm .venv; fi
		if ! "$$base" -c 'import ensurepip' 2>/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
			echo 'This Python cannot make environments; installing python3-venv …'
			{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install python3-venv; } >/dev/null 2>&1 9>&- || true
		fi
		if ! "$$base" -c 'import ensurepip' 2>/dev/null; then
			echo "$$base cannot make environments (no ensurepip). On Debian and Ubuntu: apt-get install python3-venv" >&2
			exit 1
		fi
		"$$base" -m venv --clear .venv
		printf '%s\n' "$$place" >.venv/made-for
	fi
	$(step) "Python packages (requirements-dev.txt)"
	$(python) -m pip install --quiet --disable-pip-version-check --no-input -r requirements-dev.txt 9>&-
	printf '%s\n' "$$contents" >.venv/made-from

run: setup
	@exec $(python) -m esgportal.serve --host $(HOST) --port $(PORT)

check: setup
	@$(step) "message catalogues"
	$(manage) compile_messages
	$(step) "ruff"
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(step) "mypy --strict"
	$(python) -m mypy apps esgportal
	$(step) "import layers"
	.venv/bin/lint-imports
	$(step) "djlint"
	$(python) -m djlint --quiet --check templates
	$(python) -m djlint --quiet --lint templates
	$(step) "no migration missing"
	$(manage) makemigrations --check --dry-run
	$(step) "settings of production"
	secret=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(60))')
	ESGPORTAL_DEBUG=false ESGPORTAL_DEMO=false ESGPORTAL_SECRET_KEY=$$secret ESGPORTAL_ALLOWED_HOSTS=example.test \
		$(with_database) $(python) manage.py check --deploy --fail-level WARNING

test: check
	@$(step) "Chromium"
	ESGPORTAL_CHROMIUM=$$(scripts/chromium.sh)
	export ESGPORTAL_CHROMIUM
	echo "$$ESGPORTAL_CHROMIUM"
	$(step) "pytest"
	$(python) -m pytest -n 2 --dist worksteal tests

# SIZE=hundredth,tenth,full,double and ONLY=entry,lists,… narrow it down, ROUNDS=15 makes it longer, DOCS=1 writes the docs.
bench: setup
	@exec $(python) -m benchmarks $(if $(SIZE),--size $(SIZE)) $(if $(ONLY),--only $(ONLY)) \
		$(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(DOCS),--docs)

format: setup
	@$(python) -m ruff check --fix .
	$(python) -m ruff format .
	$(python) -m djlint --quiet --reformat templates

messages: setup
	@$(manage) collect_messages
	$(manage) compile_messages

docs: setup
	@$(manage) write_kpi_docs
