# `make book` and `make test` do all set-up on a machine with Python 3.11 to 3.13 and make.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
HERE := $(CURDIR)
export UV_COMPILE_BYTECODE := 1
# trust the certificates of the system, as a browser does
export UV_SYSTEM_CERTS := 1
# where downloads are kept may be out of reach; the nearest folder above it that is there says whether
CACHE := $(shell d="$${UV_CACHE_DIR:-$${XDG_CACHE_HOME:-$$HOME/.cache}}"; \
	until test -e "$$d"; do d=$$(dirname "$$d"); done; test -d "$$d" && test -w "$$d" && echo yes)
ifneq ($(CACHE),yes)
$(warning the folder of caches below HOME cannot be written; downloads are not kept)
export UV_NO_CACHE := 1
endif

.PHONY: book test verify bench lab picture lock clean

book: .venv/ready  ## execute what is stale, compile, print where the book is
	@$(BIN)/nqp build

# tests run side by side: more threads of linear algebra would only wait for each other, at four times the work
test: export OMP_NUM_THREADS := 1
test: export OPENBLAS_NUM_THREADS := 1
test: export MKL_NUM_THREADS := 1
# one process more than cores: some tests wait for a time limit or a signal
test: .venv/ready  ## unit tests, then the whole book in a copy, then the pages in a browser
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pytest -n $$($(BIN)/python -c 'import os; print(os.cpu_count() + 1)') --dist loadfile --no-loadscope-reorder

verify: .venv/ready  ## execute everything again and compare with the committed ledger
	$(BIN)/nqp verify

bench: .venv/ready  ## time the module and the book against named peers; writes benchmarks/RESULTS.md
	$(BIN)/python benchmarks/run.py

lab: .venv/ready  ## open JupyterLab on the chapters; a text opened as notebook is saved as text and as paired notebook
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks --ServerApp.root_dir='$(HERE)'

picture: .venv/ready  ## take the picture on the first page from the compiled book; needs Chromium
	$(BIN)/python tools/picture.py

# An environment knows its place: a copied one would run the code of the checkout it was copied from.
ifneq ($(HERE),$(shell cat .venv/ready 2>/dev/null))
MOVED := moved
endif
.PHONY: moved
moved:

# Everything locked, with hashes, compiled to bytecode: without it every kernel starts in 13 s instead of 5.
.venv/ready: requirements.lock requirements-uv.txt pyproject.toml Makefile $(MOVED)
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11, 3.12 or 3.13 found; install one or say make PYTHON=/path/to/python3"; exit 1; }
	@echo "setting up .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-uv.txt
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@printf '%s' '$(HERE)' > $@

requirements.lock:
	@echo "requirements.lock is missing: bring it back with \`git checkout requirements.lock\`, or solve anew with \`make lock\`" >&2
	@exit 1

lock:  ## solve the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --fork-strategy fewest --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate --generate-hashes --upgrade --output-file requirements.lock

clean:  ## remove everything that can be made again
	rm -rf .venv build
	find book -name '*.ipynb' -delete
	rm -rf book/ledger.csv book/_made book/*/paper.md
