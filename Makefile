# Two commands do everything: `make aula` for who learns, `make testes` for who builds.
.DEFAULT_GOAL := aula
# Tests wait more than they compute: for an engine, a page, a moment to pass. Each worker has labs of its own.
WORKERS = $(shell python3 -c 'import os; print(min(4, os.cpu_count() + 1))')
.PHONY: aula preparar testes robo postgres site desempenho limpar travas

aula: preparar            ## prepara a máquina e abre o curso
	.venv/bin/lab aula

preparar:                 ## só prepara, sem ligar nada
	@setup/prepare.sh

testes:                   ## prepara o que os testes pedem e os roda
	@setup/prepare.sh tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lab autor derivar --check
	.venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not robot"

robo:                     ## um aluno-robô faz o curso inteiro no JupyterLab, em uns 5 minutos
	@setup/prepare.sh tests
	.venv/bin/python -m pytest -m robot

postgres:                 ## roda no PostgreSQL todos os testes do hub
	@setup/prepare.sh tests
	.venv/bin/python -m tests.hub.whole_on_postgres -n $(WORKERS) --dist loadfile

site:                     ## faz o site do curso, que se lê sem internet, em site/
	@setup/prepare.sh tests
	.venv/bin/lab autor site

desempenho:               ## mede contra o que se usa hoje
	@setup/prepare.sh benchmarks
	.venv/bin/python -m benchmarks

limpar:                   ## desliga o laboratório e apaga o estado dele (trabalho/ fica)
	@if [ -x .venv/bin/lab ]; then .venv/bin/lab limpar; fi

travas:                   ## refaz as versões travadas com hashes
	.venv/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --extra tests pyproject.toml -o requirements-tests.lock
