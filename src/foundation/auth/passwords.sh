#!/bin/sh
# passwords.sh OUTDIR WORDLIST... - packs words that no password may be into cracklib's dictionary: OUTDIR/dictionary.*
# Words in capitals or with accents are folded, as people type them.
set -eu
OUT=$1
shift
PACKER=$(command -v cracklib-packer || echo /usr/sbin/cracklib-packer)
cat "$@" | grep -v '^#!comment' | iconv -c -f utf8 -t ascii//TRANSLIT | LC_ALL=C tr 'A-Z' 'a-z' | LC_ALL=C tr -cd 'a-z0-9\n!@#$%*._-' |
    LC_ALL=C grep -E '^.{4,31}$' | LC_ALL=C sort -u >"$OUT/dictionary.words"
"$PACKER" "$OUT/dictionary" <"$OUT/dictionary.words" >/dev/null
rm "$OUT/dictionary.words"
