#!/usr/bin/env bash
# Builds the programs that the tests judge with into bin/, and installs nginx and openssl.
# Does nothing, quickly, when all of it is up to date.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

fail() {
    printf 'tests/tools/install.sh: %s\n' "$1" >&2
    exit 1
}

# command → Debian package
need_package() {
    command -v "$1" >/dev/null 2>&1 || [[ -x /usr/sbin/$1 ]] || missing+=("$2")
}

missing=()
need_package nginx nginx-light
need_package openssl openssl
if ((${#missing[@]})); then
    command -v apt-get >/dev/null 2>&1 || fail "missing: ${missing[*]}, and there is no apt-get to install them"
    [[ $(id -u) -eq 0 ]] || fail "missing: ${missing[*]}; run this script as root, or: sudo apt-get install ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >/dev/null || fail "apt-get update failed"
    # The run level keeps the package from starting a server.
    RUNLEVEL=1 apt-get install -q -y --no-install-recommends "${missing[@]}" >/dev/null ||
        fail "apt-get could not install: ${missing[*]}"
fi

command -v go >/dev/null 2>&1 || fail "go is missing: install Go 1.24.9 or later"

modules=(alertmanager alloy compose nginx prometheus)
programs=(alertmanager alloycheck amtool compose-spec.json docker-compose nginxcheck prometheus promtool)

up_to_date() {
    local program
    for program in "${programs[@]}"; do
        [[ -s bin/$program ]] || return 1
    done
    [[ -f bin/stamp && $(<bin/stamp) == "$stamp" ]]
}

stamp=$(
    {
        go version
        sha256sum install.sh */go.* */*.go alloy/catalog.json
    } | sha256sum
)
if up_to_date; then
    exit 0
fi

mkdir -p bin/building
flags=(-p 2 "-ldflags=-s -w" -buildvcs=false)
for module in "${modules[@]}"; do
    printf 'building the programs of %s\n' "$module" >&2
    case $module in
    alloy | nginx) go -C "$module" build "${flags[@]}" -o "../bin/building/${module}check" . ;;
    *) go -C "$module" build "${flags[@]}" -o ../bin/building/ tool ;;
    esac
done 2> >(grep -v '^go: downloading ' >&2)
mv bin/building/cmd bin/building/docker-compose
mv -f bin/building/* bin/
rmdir bin/building

# The schema of Compose files comes with the module that reads them.
compose_spec=$(go -C compose list -m -f '{{.Dir}}' github.com/compose-spec/compose-go/v2)
ln -sfn "$compose_spec/schema/compose-spec.json" bin/compose-spec.json

printf '%s' "$stamp" >bin/stamp
up_to_date || fail "the build left a program out"
