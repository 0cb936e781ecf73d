#!/bin/sh
# Right splits of compounds against false ones, and words a second. Words after the name: COMPOUNDS.tsv NON_COMPOUNDS.tsv [TEXT].
set -eu
BUILD=${BENCH_BUILD:-build/bench}
# Measured when they are there; the project does not need them.
DATA=${BENCH_LANGUAGE:-../shared/data/language}

[ $# -gt 0 ] || set -- "$DATA/compounds_dev.tsv" "$DATA/non_compounds_dev.tsv"
out=$("$BUILD/benches/bench_dutch" "$@")
printf '%s\n' "$out" >&2
printf '%s\n' "$out" | sed -n 's/^at \([-0-9.]*\): \([0-9.]*\) % of \([0-9]*\) compounds right, \([0-9.]*\) % of \([0-9]*\) .*/row | compounds split right |  | \2 % |  |  |  | of \3, at threshold \1\nrow | other words split |  | \4 % |  |  |  | of \5, at the same threshold/p'
printf '%s\n' "$out" | sed -n 's/^\([0-9]*\) running words .*/row | Dutch analysis |  | \1 words\/s |  |  |  | one core/p'
printf '%s\n' "$out" | grep -q '^at ' || echo "row | compounds |  | not measured |  |  |  | the lists are not there"
