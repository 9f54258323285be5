// The keeper: a few lines of shell between us and the server, which end the server when we are gone, however we went.

/**
 * Run as `sh -c keeperScript <name> <server> <arguments…>`, in a process group of its own and with a pipe on stdin that
 * is never written to. The pipe closes when its writer closes it or dies (SIGKILL included); then the server is asked to
 * end (SIGINT: PostgreSQL's "fast shutdown") and, 20 seconds later, told to (SIGQUIT: "immediate shutdown", repaired at
 * the next start). The status is the server's own.
 * A shell and not Node, because it is there at once, takes 1 MB, and runs as the server's user wherever we are installed.
 */
export const keeperScript = `
# Signals that reach a whole session or group (hang-up, system shutdown) are not ours to act on.
trap '' HUP INT QUIT TERM
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{
  while read -r _ <&3; do :; done
  kill -INT "$server"
  waited=0
  while [ "$waited" -lt 20 ] && kill -0 "$server"; do
    sleep 1
    waited=$((waited + 1))
  done
  kill -QUIT "$server"
} >/dev/null 2>&1 &
exec 3<&-
wait "$server"
status=$?
# What is left of our group is the watch above, and perhaps its sleep.
trap : USR1
kill -USR1 0
exit "$status"
`
