#!/bin/sh
# What check_layers, check_banned, tmplc and embed must accept and refuse, on small trees made here.
# use: test_checks.sh CHECK_LAYERS CHECK_BANNED TMPLC EMBED; prints TAP
set -u
layers=$1 banned=$2 tmplc=$3 embed=$4
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

report() { # STATUS NAME
    number=$((number + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        sed 's/^/# /' "$work/said"
    fi
}

# An empty tree with a base, in which a test puts its files.
tree() {
    rm -rf "$work/src"
    put foundation/base/str.h '#include <stddef.h>'
}

put() { # PATH LINE...
    path=$work/src/$1
    shift
    mkdir -p "$(dirname "$path")"
    printf '%s\n' "$@" >"$path"
}

accepts() { # PROGRAM NAME
    "$1" "$work/src" >"$work/said" 2>&1
    report $? "$2"
}

# The program ends with 1 and says "PATH:LINE: RULE:" exactly once, and nothing else.
refuses() { # PROGRAM PATH:LINE RULE NAME
    "$1" "$work/src" >"$work/said" 2>&1
    status=$?
    hits=$(grep -c -F "$work/src/$2: $3:" "$work/said")
    [ $status -eq 1 ] && [ "$hits" -eq 1 ] && [ "$(grep -c . "$work/said")" -eq 2 ]
    report $? "$4"
}

# ---- check_layers ----

tree
put foundation/base/str.c '#include "base/str.h"' '#include <string.h>' '#include <strange.h>'
put foundation/json/json.c '#include "base/str.h"' '/* #include "db/db.h" */'
put foundation/db/db.h '#include "base/str.h"'
put foundation/http/http.h '#include "json/json.h"'
put foundation/json/json.h '#include "base/str.h"'
put foundation/html/html.h '#include "http/http.h"'
put foundation/index/index.c '#include "dutch/dutch.h"' '#include "db/db.h"'
put foundation/index/xap.cc '#include <vector>' '#include <xapian.h>' '#include "base/str.h"'
put engines/dutch/dutch.h '#include "base/str.h"' '#include <math.h>'
put features/library/library.h '#include "base/str.h"'
put features/library/library_int.h '#include "library/library.h"' '#include "html/html.h"'
put features/library/library_store.c '#include "library/library_int.h"' '#include "db/db.h"'
put features/library/library_pages.c '#include "html/html.h"' '#include "dutch/dutch.h"'
put features/library/library_show.html '{{# view library/library_int.h library_show_view }}'
put features/site/site_rules.c '#include "library/library.h"'
put app/main.c '#include "library/library_int.h"' '#include "db/db.h"' '#include "app/app.h"'
accepts "$layers" "layers: a tree that keeps the rules"

one() { # NAME PATH:LINE RULE FILE LINE...: a tree with this one file more is refused
    name=$1 at=$2 rule=$3
    shift 3
    tree
    put foundation/db/db.h ''
    put foundation/json/json.h ''
    put foundation/html/html.h ''
    put engines/dutch/dutch.h ''
    put features/library/library.h ''
    put features/library/library_int.h ''
    put app/app.h ''
    put "$@"
    refuses "$layers" "$at" "$rule" "layers: $name"
}

one "base uses nothing of ours" foundation/base/a.c:2 "rule 1" \
    foundation/base/a.c '' '#include "json/json.h"'
one "a room of the foundation uses only its list" foundation/json/a.c:1 "rule 1" \
    foundation/json/a.c '#include "db/db.h"'
one "foundation knows no engine but by its list" foundation/db/a.c:1 "rule 1" \
    foundation/db/a.c '#include "dutch/dutch.h"'
one "foundation knows no feature" foundation/db/a.c:1 "rule 1" \
    foundation/db/a.c '#  include "library/library.h"'
one "a new room must be in the list" foundation/fax/a.c:1 "rule 1" \
    foundation/fax/a.c '#include "base/str.h"'
one "an engine uses only base" engines/dutch/a.c:1 "rule 1" \
    engines/dutch/a.c '#include "json/json.h"'
one "an engine knows no feature" engines/dutch/a.c:1 "rule 1" \
    engines/dutch/a.c '#include "library/library.h"'
one "an engine does not touch the outside world" engines/dutch/a.c:1 "engines" \
    engines/dutch/a.c '#include <pthread.h>'
one "a feature does not use app/" features/site/a.c:1 "rule 1" \
    features/site/a.c '#include "app/app.h"'
one "a feature's insides are its own" features/site/a.c:1 "rule 2" \
    features/site/a.c '#include "library/library_int.h"'
one "only stores use the database" features/site/site_rules.c:1 "rule 3" \
    features/site/site_rules.c '#include "db/db.h"'
one "only pages make HTML" features/site/site_api.c:1 "rule 3" \
    features/site/site_api.c '#include "html/html.h"'
one "a template keeps the rules" features/site/a.html:1 "rule 2" \
    features/site/a.html '{{# view library/library_int.h library_show_view }}'
one "own headers stand in quotes" foundation/json/a.c:1 "include" \
    foundation/json/a.c '#include <base/str.h>'
one "own headers are named with their folder" foundation/json/a.c:1 "include" \
    foundation/json/a.c '#include "str.h"'
one "sources stand in a folder" foundation/a.c:1 "place" \
    foundation/a.c '#include "base/str.h"'
one "folders have different names" features/dutch/a.c:1 "place" \
    features/dutch/a.c ''

tree
put foundation/json/a.c '#include <jansson.h>'
put foundation/json/b.c '' '#include <jansson.h>'
refuses "$layers" foundation/json/b.c:2 "rule 4" "layers: a library's header stands in one file"

tree
put features/a/a.h '#include "b/b.h"'
put features/b/b.h '#include "c/c.h"'
put features/c/c.h '' '#include "a/a.h"'
refuses "$layers" features/c/c.h:2 "rule 2" "layers: features do not use each other in a circle"

tree
put foundation/json/a.c "$(yes 'int a;' | head -801)"
refuses "$layers" foundation/json/a.c:801 "size" "layers: a file has at most 800 lines"
put foundation/json/a.c "$(yes 'int a;' | head -800)"
accepts "$layers" "layers: 800 lines are allowed"

tree
put foundation/json/a.c 'void a(void)' '{ /* begin */' "$(yes '    a();' | head -99)" '}'
refuses "$layers" foundation/json/a.c:2 "size" "layers: a function has at most 100 lines"
put foundation/json/a.c 'void a(void)' '{' "$(yes '    a();' | head -98)" '}'
put foundation/json/b.cc 'class b' '{' "$(yes '    int c;' | head -200)" '};'
accepts "$layers" "layers: 100 lines are allowed, and classes may be longer"

# ---- check_banned ----

tree
put foundation/base/log.c 'void f(void) { fprintf(stderr, "x"); }'
put foundation/base/arena.c 'void *f(void) { free(x); return malloc(3); }'
put foundation/base/base.c 'void f(void) { fputs("x", stderr); abort(); }'
put foundation/base/banned.h '#define strcpy(...) banned_function_strcpy'
put foundation/db/db.c 'static int handle;' 'int f(void) { return x->free(3); }'
put engines/dutch/a.c '/* malloc(3), exit(1) and static int a; are only words */' \
    'static const char *const names[] = {"exit(1)", "a"};' 'static int f(int a);' \
    'static const struct { int a; } b = {1};' 'static inline struct x *g(void) { return 0; }' \
    'struct x;' 'const struct m module = {' '    .a = 1,' '};' 'int h(void);' 'typedef int t;' \
    'int h(void)' '{' '    static const int n = 1;' '    int m = n;' '    return m;' '}'
put features/site/site_commands.c 'int f(void) { printf("x"); return 0; }'
put foundation/module/files_commands.c 'int f(void) { printf("x"); return 0; }'
put features/site/site_int.h 'http_handler site_home, site_about;'
put app/main.c 'static int a;' 'int main(void) { printf("x"); exit(1); }'
accepts "$banned" "banned: a tree that keeps the rules"

bad() { # NAME PATH:LINE RULE FILE LINE...
    name=$1 at=$2 rule=$3
    shift 3
    tree
    put "$@"
    refuses "$banned" "$at" "$rule" "banned: $name"
}

bad "string functions without a bound" foundation/db/a.cc:2 "banned" \
    foundation/db/a.cc '' 'void f() { std::strcpy(a, b); }'
bad "a shell" app/main.c:1 "banned" app/main.c 'int a = system ("ls");'
bad "a long jump" foundation/db/a.c:1 "banned" foundation/db/a.c 'int a(void) { longjmp(b, 1); }'
bad "the end of the program" foundation/db/a.c:1 "banned" foundation/db/a.c 'int a(void) { exit(1); }'
bad "abort" features/site/a.c:1 "banned" features/site/a.c 'void a(void) { abort(); }'
bad "printf" foundation/base/str.c:1 "banned" foundation/base/str.c 'void a(void) { printf("x"); }'
bad "standard error" foundation/db/a.c:1 "banned" \
    foundation/db/a.c 'void a(void) { fprintf(stderr, "x"); }'
bad "malloc in a feature" features/site/a.c:1 "banned" features/site/a.c "void a(void) { f(malloc(1)); }"
bad "free in an engine" engines/dutch/a.c:2 "banned" \
    engines/dutch/a.c 'void a(void)' '{ free(b); }'
bad "strdup in an engine" engines/dutch/a.c:1 "banned" engines/dutch/a.c 'void a(void) { strdup(b); }'
bad "a static variable" features/site/a.c:1 "variable" features/site/a.c 'static int a;'
bad "a static variable in a function" features/site/a.c:3 "variable" \
    features/site/a.c 'void a(void)' '{' '    static struct b c = {0};' '}'
bad "a static pointer that can move" features/site/a.c:1 "variable" \
    features/site/a.c 'static const char *a = "b";'
bad "a static array" engines/dutch/a.c:1 "variable" engines/dutch/a.c 'static int a[] = {1};'
bad "a static function pointer" engines/dutch/a.c:1 "variable" \
    engines/dutch/a.c 'static int (*a)(void);'
bad "a variable of the thread" engines/dutch/a.c:1 "variable" \
    engines/dutch/a.c 'static _Thread_local int a;'
bad "a global variable" features/site/a.c:2 "variable" features/site/a.c '' 'struct b a = {1};'
for mark in TODO FIXME XXX; do
    bad "the mark $mark" foundation/db/a.c:2 "unfinished" foundation/db/a.c '' "/* $mark: later */"
done
bad "a mark in a template" features/site/a.html:1 "unfinished" features/site/a.html '<p>XXX</p>'

# ---- tmplc ----

template() { # LINE...: after the first line
    printf '%s\n' '{{# view a/a.h a_view }}' "$@" >"$work/a.html"
    "$tmplc" "$work/a.html" "$work/a.c" >"$work/said" 2>&1
}

forbids() { # LINE WORDS TEMPLATE-LINE...
    at=$1 words=$2
    shift 2
    template "$@"
    status=$?
    [ $status -eq 1 ] && grep -q -F "$work/a.html:$at: " "$work/said" &&
        grep -q -F "$words" "$work/said"
    report $? "tmplc: refuses $1"
}

forbids 2 "between quotes" '<a class={{ v.a }}>x</a>'
forbids 2 "between quotes" '<a class=b{{ v.a }}>x</a>'
forbids 2 "between quotes" '<a class={{#if v.a}}b{{/if}}>x</a>'
forbids 3 "inside <script>" '<p>a</p>' '<script>var a = "{{ v.a }}";</script>'
forbids 2 "inside <style>" '<style>p { color: {{ v.a }} }</style>'
forbids 2 "inside <script>" '<SCRIPT>{{#if v.a}}a(){{/if}}</SCRIPT>'
forbids 2 "attribute onclick" '<a onclick="a({{ v.a }})">x</a>'
forbids 2 "attribute style" "<a STYLE='color: {{ v.a }}'>x</a>"
forbids 2 "attribute srcdoc" '<iframe srcdoc="{{ v.a }}"></iframe>'
forbids 2 "attribute data-hx-on:click" '<a data-hx-on:click="{{ v.a }}">x</a>'
forbids 2 "attribute hx-vals" '<a hx-vals="{{ v.a }}">x</a>'
forbids 3 "comments" '' '<!-- {{ v.a }} -->'
forbids 2 "comments" '<!-- {{#if v.a}} --> {{/if}}'
forbids 2 "name of an element" '<h{{ v.a }}>x</h1>'
forbids 2 "begins no element" '<{{ v.a }}>x</p>'
forbids 2 "name of an element or attribute" '<p {{ v.a }}="x">x</p>'
forbids 2 "name of an element or attribute" '<p data-{{ v.a }}="x">x</p>'
forbids 2 "end tag" '<p>x</p {{ v.a }}>'
forbids 2 "declaration" '<!DOCTYPE {{ v.a }}>'
forbids 2 "scheme or host" '<a href="https://{{ v.a }}/x">x</a>'
forbids 2 "scheme or host" '<a href="//{{ v.a }}">x</a>'
forbids 2 "scheme or host" '<a href="javascript:{{ v.a }}">x</a>'
forbids 2 "scheme or host" '<a href="a{{ v.a }}">x</a>'
forbids 2 "whole URL" '<a href="{{ v.a }}{{ v.b }}">x</a>'
forbids 2 "whole URL" '<a href="{{ v.a }}/{{ v.b }}">x</a>'
forbids 2 "whole URL" '<a href="{{ v.a }}b">x</a>'
forbids 2 "condition" '<a href="{{#if v.b}}/x/{{/if}}{{ v.a }}">x</a>'
forbids 2 "condition" '<a href="{{#each x in v.b}}{{ x.a }}{{/each}}">x</a>'
forbids 2 "does not belong in a URL" '<a href="/{{ v.a | number }}">x</a>'
forbids 2 "filter" '{{ v.a | date }}'
forbids 4 "different places" '{{#if v.a}}' '<p class="' '{{/if}}">'
forbids 2 "different places" '{{#if v.a}}<p{{else}}<b{{/if}}>'
forbids 2 "different places" '{{#each x in v.a}}<p title="{{/each}}">'
forbids 2 "white space" '<p {{#if v.a}}hidden{{/if}}id="x">'
forbids 2 "white space" '<p{{#if v.a}}hidden{{/if}}>'
forbids 2 "white space" '<p id="a"class="b">'
forbids 2 "not closed" '{{#if v.a}}' '<p>' '</p>'
forbids 3 "not closed" '' '{{ v.a' '}}'
forbids 3 "cannot close" '{{#if v.a}}' '{{/each}}'
forbids 2 "closes nothing" '{{/if}}'
forbids 2 "without an open" '{{else}}'
forbids 4 "without an open" '{{#if v.a}}' '{{else}}' '{{else}}' '{{/if}}'
forbids 3 "plain {{else}}" '{{#each x in v.a}}' '{{else if v.b}}' '{{/each}}'
forbids 2 "neither v nor a loop variable" '{{ w.a }}'
forbids 3 "neither v nor a loop variable" '{{#each x in v.a}}{{else}}' '{{ x.a }}' '{{/each}}'
forbids 2 "in use" '{{#each x in v.a}}{{#each x in v.b}}{{/each}}{{/each}}'
forbids 2 "loop variable is expected" '{{ index v }}'
forbids 2 "first" '{{#each x in v.a}}{{#if x is middle}}a{{/if}}{{/each}}'
forbids 2 "not expected" '{{ v.a v.b }}'
forbids 2 "whole view" '{{ v }}'
forbids 2 "member name" '{{ v. }}'
forbids 2 "empty" '{{ }}'
forbids 2 "without {{" '<p>}}</p>'
forbids 2 "unknown block" '{{#unless v.a}}'
forbids 2 "compare with" '{{#if v.a == v.b}}x{{/if}}'
forbids 2 "only be called in text" '<p title="{{> b v }}">'
forbids 3 "not closed by -->" '<p>' '<!-- x'
forbids 3 "ends" '<p'
forbids 2 "begins no element" 'a < b'

for bad in '' '{{# view a.h }}' '{{# view a.h a }}' '{{# view a b_view }}' '{{# view a.h _view }}'; do
    printf '%s\n' "$bad" '<p>' >"$work/a.html"
    "$tmplc" "$work/a.html" "$work/a.c" >"$work/said" 2>&1
    status=$?
    [ $status -eq 1 ] && grep -q -F "$work/a.html:1: " "$work/said"
    report $? "tmplc: refuses the first line '$bad'"
done

template '<p class="{{ v.a }}">{{ v.b.c }}</p>' && grep -q 'out_attr(o_, v->a);' "$work/a.c" &&
    grep -q 'out(o_, v->b.c);' "$work/a.c" && grep -q '#line 2 ".*/a.html"' "$work/a.c" &&
    grep -q '^#include "a/a.h"' "$work/a.c" &&
    grep -q '^void a_html(struct out \*o_, const struct a_view \*v)$' "$work/a.c"
report $? "tmplc: writes a function called after the file"

# ---- embed ----

mkdir -p "$work/files/sub"
printf 'body{}' >"$work/files/app.css"
printf 'x' >"$work/files/sub/a.woff2"
"$embed" "$work/e.c" "$work/e.S" embedded_assets "$work/files" >"$work/said" 2>&1 &&
    grep -q -F '{{"app.css", 7}, {embedded_assets_0, 6}, "text/css; charset=utf-8", "7c98040a54165758"}' "$work/e.c" &&
    grep -q -F '{{"sub/a.woff2", 11}, {embedded_assets_1, 1}, "font/woff2", "2d711642b726b044"}' "$work/e.c" &&
    grep -q -F 'const struct embedded_set embedded_assets = {files, 2};' "$work/e.c" &&
    grep -q -F ".incbin \"$work/files/app.css\"" "$work/e.S"
report $? "embed: writes paths below the folder, lengths, types and hashes"
"$embed" --root "$work" "$work/e.c" - x "$work/files/sub/a.woff2" >"$work/said" 2>&1 &&
    grep -q -F '"files/sub/a.woff2"' "$work/e.c" && grep -q -F '__asm__(' "$work/e.c"
report $? "embed: paths below the root, assembly in the C file"
"$embed" "$work/e.c" - x "$work/files/app.css" "$work/files/app.css" >"$work/said" 2>&1
[ $? -eq 1 ] && grep -q -F 'same path' "$work/said"
report $? "embed: refuses two files with one path"

echo "1..$number"
