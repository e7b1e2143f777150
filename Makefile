# make run: the site on http://127.0.0.1:8000 (PORT=, DATABASE_URL=, DEMO=county). make test: the whole suite.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
DEMO ?= town
BIN := .venv/bin
RUN_ENV = . instance/secrets.env && export LEARNHUB_SECRET_KEY LEARNHUB_IDENTITY_KEY && \
	LEARNHUB_DEMO=1 LEARNHUB_SECURE_COOKIES=0 LEARNHUB_ADDRESS="$${LEARNHUB_ADDRESS:-http://127.0.0.1:$(PORT)}" \
	LEARNHUB_SITE_NAME="$${LEARNHUB_SITE_NAME:-示例县党员学习平台}" LEARNHUB_SPONSOR="$${LEARNHUB_SPONSOR:-中共示例县委组织部}"

.PHONY: bench bench-memory bench-quiz bench-rolls backtest run test long properties lint lock words films pictures

run: .venv/run instance/secrets.env
	@$(RUN_ENV) exec $(BIN)/python -m learnhub.start --port $(PORT) --demo $(DEMO)

test: .venv/test
	$(BIN)/python -m pytest -n 3 --dist worksteal $(if $(LEARNHUB_TEST_ALL),,-m "not long")

# What takes long by its nature: a browser beyond the four journeys, killed processes, a whole county, every page of whole
# towns asked oddly, every migration down and up again. CI runs it too.
long: .venv/test
	$(BIN)/python -m pytest -n 2 -m long

# The ledger and its roll-up on many more random histories than `make test` takes time for.
properties: .venv/test
	LEARNHUB_EXAMPLES=300 $(BIN)/python -m pytest -n 2 tests/reports/test_ledger_history.py tests/reports/test_rollup_histories.py \
	  tests/reports/test_coverage.py tests/reports/test_why.py

# How far off the projection of training tasks is, on 4 000 generated histories.
backtest: .venv/test
	$(BIN)/python -m tests.reports.histories 4000

lint: .venv/test
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

# The pinned dependencies, without addresses of where they were found.
lock: .venv/test
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -c requirements.txt requirements-dev.in -o requirements-dev.txt

# New messages into the English catalogue, gone ones out of it.
words: .venv/test
	mkdir -p instance
	$(BIN)/pybabel -q extract -F .babel.cfg -k _l -k N_ --no-location --omit-header --sort-output -o instance/messages.pot learnhub
	$(BIN)/pybabel -q update -i instance/messages.pot -d learnhub/web/translations -l en --no-fuzzy-matching --ignore-obsolete --omit-header --no-wrap

.venv/run: requirements.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'LearnHub needs Python 3.11 or newer; name one by make PYTHON=...')"
	@$(PYTHON) learnhub/install.py $< $@

.venv/test: requirements-dev.txt .venv/run
	@$(PYTHON) learnhub/install.py $< $@

# Beside its place and then moved there: half a secret would stay for ever.
instance/secrets.env: | .venv/run
	@mkdir -p instance
	@(umask 077 && $(BIN)/python -c "import secrets; print('LEARNHUB_SECRET_KEY=' + secrets.token_urlsafe(48)); print('LEARNHUB_IDENTITY_KEY=' + secrets.token_urlsafe(48))" > $@.new)
	@mv $@.new $@

# The films of the month units, from the text of their film.md.
films: .venv/test
	$(BIN)/python docs/films/make_films.py

# The pictures of the README, from a demonstration town.
pictures: .venv/test
	$(BIN)/python docs/pictures/make_pictures.py

# Every measure against its floor, one line each, and bench/latest.json (SIZE=million, BENCH_DATABASE_URL=).
SIZE ?= county
BENCH_DATABASE_URL ?=
bench: .venv/test
	$(BIN)/python -m bench --size $(SIZE) --database "$(BENCH_DATABASE_URL)"

# 2 000 branches save their rolls within one minute beside a hundred readers, at a server as shipped (BENCH_DATABASE_URL=).
bench-rolls: .venv/test
	$(BIN)/python -m bench.rolls_minute --database "$(BENCH_DATABASE_URL)"

# 10 000 quizzes of ten answers are handed in within one minute at a server as shipped, and each is looked at (BENCH_DATABASE_URL=).
bench-quiz: .venv/test
	$(BIN)/python -m bench.quiz_minute --database "$(BENCH_DATABASE_URL)"

# How much memory the site takes after ten minutes of mixed pages (BENCH_DATABASE_URL=).
bench-memory: .venv/test
	$(BIN)/python -m bench.memory --database "$(BENCH_DATABASE_URL)"
