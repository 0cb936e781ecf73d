#!/bin/bash
# coverage.sh BUILD REPORT BAR - what the tests that ran in BUILD took of foundation and engines: REPORT/index.html by line,
# REPORT/summary.txt by folder and file. Fails when less than BAR percent of the branches were taken.
#
# Not counted as branches: those that the compiler makes for exceptions and for code without source (gcovr's
# --exclude-throw-branches and --exclude-unreachable-branches), and those on lines with BUG(...) or NEVER(...): they say
# that a condition cannot be true, so no test can make it true. An "if" on the line above a BUG does count.
set -eu
build=$1 report=$2 bar=$3
mkdir -p "$report"
gcovr --root . --filter 'src/foundation/' --filter 'src/engines/' \
    --exclude-throw-branches --exclude-unreachable-branches \
    --exclude-lines-by-pattern '.*\b(BUG|NEVER)\(.*' \
    --html-details "$report/index.html" --csv "$report/files.csv" --print-summary "$build" >"$report/gcovr.txt"

# files.csv: filename, lines, covered, part, branches, covered, part, ...
awk -F, -v bar="$bar" '
function line(name, covered, total) {
    return sprintf("%-44s %6d of %6d  %5.1f %%\n", name, covered, total, total ? 100 * covered / total : 100)
}
NR > 1 {
    folder = $1
    sub(/\/[^\/]*$/, "", folder)
    total[folder] += $5; covered[folder] += $6
    all += $5; taken += $6
    lines += $2; run += $3
    files = files line($1, $6, $5)
}
END {
    print "branches taken by the unit, store and web tests"
    for (f in total) printf "%s", line(f, covered[f], total[f]) | "sort"
    close("sort")
    printf "%s", line("foundation and engines", taken, all)
    printf "%s\n", line("their lines", run, lines)
    print "by file, the least first"
    printf "%s", files | "sort -k5,5n"
    close("sort -k5,5n")
    exit !(all && 100 * taken >= bar * all)
}' "$report/files.csv" >"$report/files.txt" && code=0 || code=$?
sed '/^by file/,$d' "$report/files.txt" >"$report/summary.txt"
cat "$report/files.txt"
exit $code
