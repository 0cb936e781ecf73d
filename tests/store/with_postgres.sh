#!/bin/bash
# with_postgres.sh COMMAND... - runs the command with AANJAGER_TEST_DATABASE set to a PostgreSQL cluster of its own, which is
# stopped and removed afterwards, whatever happens. The cluster listens on a Unix socket only and does not sync, unless
# AANJAGER_TEST_FSYNC=on. For tests that stop and start the server: AANJAGER_TEST_CLUSTER_DO a program that
# takes stop, kill, crash, start or restart.
set -u
BIN=${POSTGRES_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
if [ ! -x "${BIN:-none}/initdb" ]; then
    echo "with_postgres.sh: PostgreSQL's programs are not here; install postgresql or set POSTGRES_BIN" >&2
    exit 1
fi

# A server refuses to run as root: then another user owns it.
AS=()
if [ "$(id -u)" = 0 ]; then
    OWNER=postgres
    id -u postgres >/dev/null 2>&1 || OWNER=nobody
    AS=(runuser -u "$OWNER" --)
fi

FOLDER=$(mktemp -d /tmp/aanjager-pg.XXXXXX) || exit 1
chmod 711 "$FOLDER"
mkdir "$FOLDER/cluster" "$FOLDER/socket"
[ ${#AS[@]} -gt 0 ] && chown -R "$OWNER" "$FOLDER/cluster" "$FOLDER/socket"

cleanup() {
    trap - EXIT
    (cd / && "${AS[@]}" "$BIN/pg_ctl" -D "$FOLDER/cluster" -m immediate -w stop >/dev/null 2>&1)
    rm -rf "$FOLDER"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

cd_run() { (cd / && "${AS[@]}" "$@"); }

if ! cd_run "$BIN/initdb" -D "$FOLDER/cluster" -U aanjager -A trust -E UTF8 --locale=C --no-sync \
    >"$FOLDER/initdb.log" 2>&1; then
    cat "$FOLDER/initdb.log" >&2
    exit 1
fi
cat >>"$FOLDER/cluster/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$FOLDER/socket'
fsync = ${AANJAGER_TEST_FSYNC:-off}
full_page_writes = ${AANJAGER_TEST_FSYNC:-off}
max_connections = 300
shared_buffers = 64MB
CONF

cat >"$FOLDER/do" <<SCRIPT
#!/bin/bash
# stop, start, restart: as it should be; kill: at once; crash: SIGKILL for the server and its children
cd /
ctl() { ${AS[*]} "$BIN/pg_ctl" -D "$FOLDER/cluster" -l "$FOLDER/cluster/server.log" -w -t 60 "\$@" >/dev/null 2>&1; }
crash() {
    local server children pid
    server=\$(head -n 1 "$FOLDER/cluster/postmaster.pid") || return 1
    kill -STOP "\$server" || return 1 # so that it makes no more children
    children=\$(cat "/proc/\$server/task/\$server/children")
    kill -KILL "\$server" \$children
    for pid in "\$server" \$children; do
        while [ -d "/proc/\$pid" ] && ! grep -q '^State:.Z' "/proc/\$pid/status" 2>/dev/null; do sleep 0.01; done
    done
    # Until init has taken leave of them, their numbers look alive to the next server.
    rm -f "$FOLDER/cluster/postmaster.pid" "$FOLDER"/socket/.s.PGSQL.*
}
case "\$1" in
crash) crash ;;
start) ctl start ;;
stop) ctl -m fast stop ;;
kill) ctl -m immediate stop ;;
restart) ctl -m fast restart ;;
esac
SCRIPT
chmod 755 "$FOLDER/do"
if ! "$FOLDER/do" start; then
    cat "$FOLDER/cluster/server.log" >&2
    exit 1
fi

export AANJAGER_TEST_CLUSTER_DO="$FOLDER/do"
export AANJAGER_TEST_DATABASE="postgresql:///postgres?host=$FOLDER/socket&user=aanjager"
"$@"
STATUS=$?
exit $STATUS
