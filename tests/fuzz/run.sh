#!/bin/bash
# run.sh NAME SECONDS [OPTION...] - fuzzes one target, with bounds on memory, time and length. The growing
# set of inputs stays in build/fuzz-corpus/NAME, an input that breaks something in
# build/fuzz-findings/NAME; more options go to libFuzzer.
set -u
cd "$(dirname "$0")/../.." || exit 1
name=${1:-} seconds=${2:-}
case "$seconds" in
'' | *[!0-9]*)
    echo "use: $0 NAME SECONDS; names:" >&2
    ls tests/fuzz/corpus >&2
    exit 1
    ;;
esac
shift 2

build=${FUZZ_BUILD:-build/fuzz}
length=4096
case "$name" in
search) length=320 ;; # a little more than a question may be
request | document | markdown) length=16384 ;;
dutch) length=512 ;;
esac

[ -f "$build/build.ninja" ] || CC=clang CXX=clang++ meson setup "$build" --buildtype=debug -Dfuzz=true -Db_lundef=false ||
    exit 1
ninja -C "$build" "tests/fuzz/fuzz_$name" || exit 1
mkdir -p "build/fuzz-corpus/$name" "build/fuzz-findings/$name"
words=()
[ -f "tests/fuzz/words/$name.dict" ] && words=(-dict="tests/fuzz/words/$name.dict")
exec "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=$length -timeout=10 -rss_limit_mb=1024 \
    -artifact_prefix="build/fuzz-findings/$name/" -print_final_stats=1 "${words[@]}" "$@" \
    "build/fuzz-corpus/$name" "tests/fuzz/corpus/$name"
