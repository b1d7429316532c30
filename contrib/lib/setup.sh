# Shared by contrib/track and contrib/test: system programs through apt, Python packages into an environment.

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi
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
    command -v apt-get >/dev/null || fail "These are missing, please install them: $*"
    say "apt-get install $*"
    { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null; } ||
        fail "They could not be installed. Please run: sudo apt-get install $*"
}

# environment DIRECTORY PIP-ARGUMENTS... makes a virtual environment, or brings it up to date.
environment() {
    local place=$1 python=${PYTHON:-python3}
    shift
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Workdiary needs Python 3.11 or newer; $("$python" -V) is too old. Set PYTHON=python3.12, for instance."
    "$python" -c 'import venv, ensurepip' 2>/dev/null || need_packages python3-venv
    if [ ! -x "$place/bin/python" ]; then
        say "new environment $place"
        "$python" -m venv "$place"
        "$place/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
    fi
    say "pip install into $place"
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}
