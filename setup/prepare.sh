#!/bin/sh
# Set-up of the course: Python packages in .venv, the Docker Engine and the registry as system packages
# when the machine has none. `prepare.sh tests` adds what the tests need, `prepare.sh benchmarks` what they
# compare with. Asks the network for nothing that is already here.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
kind=${1:-course}
uv_version=0.13.9

say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }
stop() { printf '\n✗ %s\n' "$*" >&2; exit 2; }
missing() { ! command -v "$1" > /dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

no_packages() {
    stop "Não consegui baixar os pacotes Python; o motivo está logo acima. Confira a internet e repita o comando: ele continua de onde parou."
}

# $1: Debian packages; $2: what the learner gets from them.
install_packages() {
    missing apt-get && stop "Esta máquina não tem apt. Instale $2 com o gerenciador de pacotes do seu sistema e repita o comando."
    if [ "$(id -u)" -ne 0 ] && missing sudo; then
        stop "Falta $2. Como administrador, rode: apt-get install $1. Depois repita o comando. Sem acesso de administrador, use o seu próprio Docker: .venv/bin/lab aula --hub real"
    fi
    say "Instalando $2 com o apt ($1)."
    say "São pacotes do sistema e continuam instalados depois de 'make limpar'. O curso não usa o Docker da máquina."
    # shellcheck disable=SC2086  # a list of names, meant to be split
    { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $1 > /dev/null; } ||
        stop "O apt não conseguiu instalar $2; o motivo está logo acima. Resolva-o e repita o comando."
}

prepare_python() {
    python=$(command -v python3.11 || command -v python3 || true)
    if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        stop "O curso precisa do Python 3.11 ou mais novo. Instale-o e repita o comando."
    fi
    if [ ! -x .venv/bin/uv ]; then
        say "Criando o ambiente Python em .venv"
        "$python" -c 'import ensurepip' 2> /dev/null || install_packages python3-venv "o módulo venv do Python"
        "$python" -m venv .venv
        .venv/bin/python -m pip install -q --disable-pip-version-check "uv==$uv_version" || no_packages
    fi
    # As pip does: trust what the machine trusts, also behind the proxy of a school or a company.
    [ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
    lock=$1
    stamp=.venv/installed-$(cat "$lock" pyproject.toml | sha256sum | cut -c1-16)
    if [ ! -e "$stamp" ]; then
        say "Instalando os pacotes Python de $lock"
        .venv/bin/uv pip sync -q --compile-bytecode --python .venv/bin/python --require-hashes "$lock" || no_packages
        .venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e . || no_packages
        rm -f .venv/installed-*
        touch "$stamp"
    fi
}

prepare_engine() {
    [ "$(uname -s)" = Linux ] || { say "Este sistema não é Linux: o laboratório não roda aqui, mas o modo --hub real sim."; return; }
    wanted=""
    missing dockerd && wanted="docker.io"
    missing docker-registry && wanted="$wanted docker-registry"
    [ -z "$wanted" ] || install_packages "$wanted" "o Docker Engine e o registry"
    .venv/bin/lab preparar
}

prepare_tests() {
    wanted=""
    missing chromium && wanted="chromium"
    missing skopeo && wanted="$wanted skopeo"
    missing podman && wanted="$wanted podman"
    missing hunspell || [ ! -e /usr/share/hunspell/pt_BR.dic ] && wanted="$wanted hunspell hunspell-pt-br"
    missing curl && wanted="$wanted curl ca-certificates"
    missing initdb && [ -z "$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null)" ] && wanted="$wanted postgresql"
    [ -z "$wanted" ] || install_packages "$wanted" "o navegador e as ferramentas dos testes"
    setup/newer-engine.sh .cache/engine-containerd
    nbgrader=.cache/nbgrader/installed-$(sha256sum < tests/assignments/nbgrader.lock | cut -c1-16)
    if [ ! -e "$nbgrader" ]; then  # apart: in .venv it would add itself to the course's JupyterLab
        say "Instalando o nbgrader (só para os testes)"
        rm -rf .cache/nbgrader
        .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --require-hashes \
            --target .cache/nbgrader -r tests/assignments/nbgrader.lock || no_packages
        touch "$nbgrader"
    fi
}

prepare_benchmarks() {
    wanted=""
    missing wrk && wanted="wrk"
    missing skopeo && wanted="$wanted skopeo"
    [ -z "$wanted" ] || install_packages "$wanted" "o que as medidas usam para comparar"
    peers=.cache/peers/installed-$(sha256sum < benchmarks/peers.lock | cut -c1-16)
    [ ! -e "$peers" ] || return 0
    say "Instalando os corretores com que as medidas comparam, em .cache/peers"
    .venv/bin/uv venv -q --clear --python .venv/bin/python .cache/peers || no_packages
    .venv/bin/uv pip sync -q --python .cache/peers/bin/python --require-hashes benchmarks/peers.lock || no_packages
    touch "$peers"
}

if [ "$kind" = tests ]; then prepare_python requirements-tests.lock; else
    # The tests' packages include the course's: a tested machine is not stripped by `make aula`.
    tests_stamp=.venv/installed-$(cat requirements-tests.lock pyproject.toml | sha256sum | cut -c1-16)
    [ -e "$tests_stamp" ] || prepare_python requirements.lock
fi
prepare_engine
if [ "$kind" = tests ]; then prepare_tests; fi
if [ "$kind" = benchmarks ]; then prepare_benchmarks; fi
say "Tudo pronto."
