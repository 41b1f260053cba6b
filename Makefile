# Two commands are enough: `make demo` and `make test`. Each does its own set-up.
KAZI := .venv/bin/kazi
PYTHON := .venv/bin/python
CODE := kazi bot crowd db admin sandbox bench tests scripts
COVERAGE_FLOOR := 95

# Where it is set, as in many containers, each process would compile all that it imports anew: seconds at every start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-reset test lint bench texts lock pictures setup setup-dev clean

demo: setup            ## a phone and the panel in the browser, with simulated workers; Ctrl-C ends it
	@$(KAZI) demo

demo-reset:            ## forget the demo's data
	@if [ -x $(KAZI) ]; then $(KAZI) demo --reset; else rm -rf .kazi/demo; fi

# Four processes on two cores: many tests wait for a browser, a bot or a clock.
test: lint             ## everything: lint, types, walls, catalogs, and all tests
	@scripts/browser
	$(PYTHON) -m slipcover --json --out .coverage.json -m \
		pytest -n $${KAZI_TEST_WORKERS:-4} --dist loadfile --no-loadscope-reorder $(ARGS)
	$(PYTHON) -m slipcover --merge .coverage.json --out .coverage.json --fail-under $(COVERAGE_FLOOR)

lint: setup-dev
	$(PYTHON) -m ruff check $(CODE)
	$(PYTHON) -m ruff format --check $(CODE)
	$(PYTHON) -m mypy --num-workers auto
	.venv/bin/lint-imports
	$(PYTHON) -m scripts.catalogs check

bench: setup-dev       ## what it costs; one part with ONLY=loop
	$(PYTHON) -m bench $(if $(ONLY),--only $(ONLY))

texts: setup-dev       ## after a text was changed: new template, updated catalogs
	$(PYTHON) -m scripts.catalogs extract
	$(PYTHON) -m scripts.catalogs compile

pictures: setup-dev    ## the pictures in docs/, made from the running product
	@scripts/browser
	$(PYTHON) scripts/pictures.py
	$(PYTHON) -m scripts.kindpictures
	$(PYTHON) -m scripts.languagepictures

lock:                  ## pin what pyproject.toml asks for (needs uv)
	scripts/lock

setup:
	@scripts/setup requirements.txt

setup-dev:
	@scripts/setup requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .coverage.json build
