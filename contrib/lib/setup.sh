# Shared by contrib/track and contrib/test: system programs through apt, Python packages into an environment.

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        sudo "$@"
    else
        return 1
    fi
}

# need_programs PROGRAM:PACKAGE... installs the packages whose programs are missing.
need_programs() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
    done
    need_packages "${missing[@]}"
}

# need_packages PACKAGE... through apt, or says what to run.
need_packages() {
    [ $# = 0 ] && return 0
    command -v apt-get >/dev/null || fail "These are missing, and there is no apt here. Please install: $*"
    say "apt-get install $*"
    { as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null ||
        fail "They could not be installed from here. Please run: sudo apt-get install $*"
}

# find_python prints a Python of 3.11 or newer: $PYTHON, else python3, else the newest that has its version in its name.
find_python() {
    local one
    for one in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$one" >/dev/null && "$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            command -v "$one"
            return
        fi
    done
    fail "Workdiary needs Python 3.11 or newer, and ${PYTHON:-python3} is not. Please run: sudo apt-get install python3.11
Then: PYTHON=python3.11 $0"
}

# can_compile: are there a C compiler, Python's headers and the kernel's?
can_compile() {
    command -v cc >/dev/null && [ -e /usr/include/linux/input.h ] &&
        "${PYTHON:-python3}" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'
}

# fingerprint PYTHON PATH... prints a hash over the Python and all that the environment is made of.
fingerprint() {
    local python=$1
    shift
    {
        "$python" -VV
        find pyproject.toml plugins/*/pyproject.toml contrib/lib/setup.sh "$@" -type f -not -name '*.pyc' -print0 |
            sort -z | xargs -0 sha256sum
    } | sha256sum | cut -d' ' -f1
}

# environment DIRECTORY PATH... -- PIP-ARGUMENTS... makes a virtual environment; made again only when the Python, a
# pyproject.toml or one of the paths has changed since.
environment() {
    local place=$1 python mark paths=()
    shift
    while [ "$1" != -- ]; do
        paths+=("$1")
        shift
    done
    shift
    python=$(find_python)
    mark="$(fingerprint "$python" "${paths[@]}") $*"
    [ "$(cat "$place/mark" 2>/dev/null)" = "$mark" ] && return 0
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        need_packages "$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')"
    say "making $place with $("$python" -V) from $python"
    "$python" -m venv --clear "$place"
    say "installing into $place; the first time this takes a minute"
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    printf '%s\n' "$mark" >"$place/mark"
}

# axe_core VERSION installs the checker of accessibility from npm; tests/web compares its hash.
axe_core() {
    [ "$(cat .venv-web/mark 2>/dev/null)" = "$1" ] && return 0
    say "installing axe-core $1 into .venv-web"
    npm install --silent --no-audit --no-fund --no-save --ignore-scripts --prefix .venv-web "axe-core@$1"
    printf '%s\n' "$1" >.venv-web/mark
}
