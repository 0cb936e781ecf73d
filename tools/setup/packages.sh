# packages.sh - what the build and the tests need from Debian 12; sourced by ./start and ./check.
# shellcheck shell=sh

BUILD_PACKAGES="gcc g++ meson ninja-build pkg-config ca-certificates
 libmicrohttpd-dev libsqlite3-dev libpq-dev libxapian-dev libcmark-gfm-dev
 libcmark-gfm-extensions-dev libyaml-dev libjansson-dev libsodium-dev libcsv-dev
 libbrotli-dev zlib1g-dev libcrack2-dev liboath-dev libqrencode-dev libcurl4-openssl-dev
 hunspell-nl wdutch cracklib-runtime john-data"
CHECK_PACKAGES="clang clang-format libclang-rt-14-dev libcmocka-dev postgresql chromium procps
 nginx caddy openssl hunspell qpdf poppler-utils libgmime-3.0-dev"
BENCH_PACKAGES="wrk nginx libcmocka-dev"
# Only for ./check --coverage.
COVERAGE_PACKAGES="gcovr"

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        fail "Er ontbreken pakketten. Start dit als root of installeer sudo."
    fi
}

missing_packages() {
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            printf '%s ' "$package"
    done
}

# Node from 18 up is used as it is; else Debian's.
missing_node() {
    if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
        [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 18' 2>/dev/null)" = true ]; then
        return
    fi
    printf 'nodejs npm'
}

install_packages() {
    # shellcheck disable=SC2086,SC2046
    wanted="$(missing_packages "$@")$(missing_node)"
    [ -n "$wanted" ] || return 0
    command -v apt-get >/dev/null 2>&1 ||
        fail "Dit werkt op Debian 12. Installeer zelf: $wanted"
    say "Installeren: $wanted"
    as_root apt-get update -qq || fail "Het lukte niet om de pakketlijst op te halen. Controleer de internetverbinding."
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null ||
        fail "Het lukte niet om de pakketten te installeren. Controleer de internetverbinding en de schijfruimte."
}

# The front-end packages of package-lock.json, once per lock file.
install_node_modules() {
    if [ -f node_modules/.aanjager-lock ] && cmp -s package-lock.json node_modules/.aanjager-lock; then
        return 0
    fi
    say "Ophalen: stijlen en scripts"
    npm ci --no-audit --no-fund --loglevel=error ||
        fail "Het lukte niet om de stijlen en scripts op te halen. Controleer de internetverbinding."
    cp package-lock.json node_modules/.aanjager-lock
}
