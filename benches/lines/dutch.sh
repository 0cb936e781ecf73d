#!/bin/sh
# Right splits of compounds against false ones, and words a second. Words after the name: COMPOUNDS.tsv NON_COMPOUNDS.tsv [TEXT].
set -eu
BUILD=${BENCH_BUILD:-build/bench}
# Measured when they are there; the project does not need them.
DATA=${BENCH_LANGUAGE:-../shared/data/language}

[ $# -gt 0 ] || set -- "$DATA/compounds_dev.tsv" "$DATA/non_compounds_dev.tsv"
out=$("$BUILD/benches/bench_dutch" "$@")
printf '%s\n' "$out" >&2
# From "at -0.50: 85.9 % of 842 compounds right, 11.3 % of 1555 other words split".
found=$(printf '%s\n' "$out" | sed -n 's/^at \([-0-9.]*\): \([0-9.]*\) % of \([0-9]*\) .*, \([0-9.]*\) % of \([0-9]*\) .*/\1 \2 \3 \4 \5/p')
if [ -n "$found" ]; then
    read -r at right of_right wrong of_wrong <<EOF
$found
EOF
    echo "row | compounds split right |  | $right % |  |  |  | of $of_right, at threshold $at"
    echo "row | other words split |  | $wrong % |  |  |  | of $of_wrong, at the same threshold"
else
    echo "row | compounds |  | not measured |  |  |  | the lists are not there"
fi
speed=$(printf '%s\n' "$out" | sed -n 's/^\([0-9]*\) running words .*/\1/p')
[ -z "$speed" ] || echo "row | Dutch analysis |  | $speed words/s |  |  |  | one core"
