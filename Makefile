# make report   makes the environment if there is none, then the report of the five articles (STUDY=folder OUT=folder for another)
# make test     the same set-up, then every test, the notebooks included
# make lab      JupyterLab on the notebooks
# make site     the notebooks and methods as a site in site/, from stored outputs (nothing is run)
# make bench    speed as ratios measured in one run, and the comparison beside its peers (RUNS=1: a quick look)
# make notebooks  runs the notebooks in place and redraws figures/ (for those who change the suite)
# make validate  measures every instrument on gold/ and stores the judged items in validation/ (POLNEAR=folder BABE=folder: a copy of one's own)
# make models   trains models/ again from gold/
# make lock     renews requirements.txt, and docs/requirements.txt for the site, from pyproject.toml

STUDY ?= seeds
OUT ?= report
PYTHON ?= $(firstword $(foreach p,python3.11 python3 python3.12 python3.13 python3.14 python,$(if $(shell $(p) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' 2>/dev/null && echo yes),$(p))))
BIN := .venv/bin
READY := .venv/.ready
PEERS := comparison counts conc
SPHINX := .venv/.sphinx

SHELL := bash
.SHELLFLAGS := -o pipefail -c
export MPLBACKEND := agg
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: report test lab site bench notebooks validate models lock clean

report: $(READY)
	@$(BIN)/pressframes report $(STUDY) --out $(OUT)

test: $(READY)
	@$(BIN)/python -m pytest

lab: $(READY)
	@$(BIN)/pressframes lab

site: $(SPHINX)
	@$(BIN)/python -m sphinx -W --keep-going -q -c docs -d build/doctrees . build/site
	@rm -rf site && mv build/site site
	@echo "The site is in site: open site/index.html in a browser."

$(SPHINX): $(READY) docs/requirements.txt
	@$(BIN)/python -m pip install --quiet --require-hashes -r docs/requirements.txt
	@touch $@

bench: $(READY)
	@for peers in $(PEERS); do $(MAKE) --no-print-directory benchmarks/.venv-$$peers/.ready || echo "The peers of benchmarks/requirements-$$peers.txt could not be installed; they are left out."; done
	@held=0; for script in bench comparison counts engines; do echo; echo "$$script:"; $(BIN)/python benchmarks/$$script.py || held=1; done; $(BIN)/python benchmarks/tables.py && exit $$held

benchmarks/.venv-%/.ready: benchmarks/requirements-%.txt
	@echo "Installing the peers of $< in benchmarks/.venv-$* (once) ..."
	@$(PYTHON) -m venv benchmarks/.venv-$*
	@benchmarks/.venv-$*/bin/python -m pip install --quiet -r $<
	@touch $@

notebooks: $(READY)
	@$(BIN)/python -m pressframes.report.refresh

validate: $(READY)
	@$(BIN)/pressframes validate --out validation $(if $(POLNEAR),--polnear $(POLNEAR)) $(if $(BABE),--babe $(BABE)) $(if $(PTC),--ptc $(PTC))

models: $(READY)
	@$(BIN)/python -m pressframes.validation.train_tone
	@$(BIN)/python -m pressframes.validation.train_frames

lock: $(READY)
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra test --extra scale pyproject.toml --output-file requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra site --constraint requirements.txt pyproject.toml --output-file docs/requirements.txt

clean:
	rm -rf .venv benchmarks/.venv-* report site build

$(READY): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "pressframes needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "Making the environment in .venv (once; about two minutes) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --require-hashes --progress-bar off -r requirements.txt \
	  | awk -v all="$$(grep -c '^[a-z].*==' requirements.txt)" '/^Collecting/ { printf "\r  fetching %d of about %d: %-44s", ++n, all, substr($$2, 1, 44); fflush() } /^Installing/ { printf "\r  installing what was fetched %-50s\n", "..."; fflush() }'
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "The environment is ready."
