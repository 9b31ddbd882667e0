#!/bin/sh
# Makes .venv with the newest Python from 3.11 on that can; `PYTHON=… make setup` chooses another.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

fits() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

makes() {
    # Debian takes `ensurepip` out of its Python: only then is there a module and yet no environment.
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

begin() {
    say "Making .venv with $("$1" --version)"
    rm -rf .venv
}

candidates="${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}"
found=
for python in $candidates; do
    fits "$python" || continue
    found="${found:-$python}"
    if makes "$python"; then
        begin "$python"
        exec "$python" -m venv .venv
    fi
done

if [ -z "$found" ]; then
    say "supportterm needs Python 3.11 or newer, and none was found (looked for: $candidates)."
    say "Install one (on Debian or Ubuntu: apt install python3 python3-venv), or name it: PYTHON=/path/to/python3 make setup"
    exit 1
fi

if "$found" -m virtualenv --version >/dev/null 2>&1; then
    begin "$found"
    exec "$found" -m virtualenv --quiet .venv
fi
if command -v uv >/dev/null 2>&1; then
    begin "$found"
    exec uv venv --quiet --seed --python "$found" .venv
fi
package="$("$found" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing $package, which this Python needs to make environments"
    apt-get install --yes --quiet --quiet "$package" >&2 ||
        { apt-get update --quiet --quiet >&2 && apt-get install --yes --quiet --quiet "$package" >&2; } || true
    if makes "$found"; then
        begin "$found"
        exec "$found" -m venv .venv
    fi
fi
say "$("$found" --version) is here but cannot make environments: its venv module is not complete."
say "Install it (on Debian or Ubuntu, as root: apt install $package), then run the same command again."
exit 1
