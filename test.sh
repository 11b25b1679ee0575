#!/usr/bin/env bash
# Runs all tests. The official programs that some of them judge with are built first.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
tests/tools/install.sh
exec cargo test --workspace "$@"
