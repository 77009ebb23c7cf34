# Helpers of the suites in network namespaces: hosts, checks, waiting. Sourced, not run.
# Needs root. Every namespace is named $PREFIX-<host> and goes away with the suite.

PREFIX=${PREFIX:-islet}
PASSED=0
WORK=$(mktemp -d "${TMPDIR:-/tmp}/islet-netns.XXXXXX")
PIDS=()

need() {
  local missing=() pair
  for pair in "$@"; do command -v "${pair%%:*}" >/dev/null 2>&1 || [ -x "${pair%%:*}" ] || missing+=("${pair##*:}"); done
  [ ${#missing[@]} -eq 0 ] && return
  if command -v apt-get >/dev/null; then
    printf 'installing %s …\n' "${missing[*]}" >&2
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "${missing[@]}" >"$WORK/apt.log" 2>&1 ||
      { tail -n 5 "$WORK/apt.log" >&2; exit 1; }
  else
    printf 'needed and not found: %s\n' "${missing[*]}" >&2
    exit 1
  fi
}

# host NAME : a namespace with loopback up
host() {
  ip netns add "$PREFIX-$1"
  ip -n "$PREFIX-$1" link set lo up
}

# wire HOST IF HOST IF : a veth pair between two hosts
wire() {
  ip link add "v$$a" netns "$PREFIX-$1" type veth peer name "v$$b" netns "$PREFIX-$3"
  ip -n "$PREFIX-$1" link set "v$$a" name "$2" up
  ip -n "$PREFIX-$3" link set "v$$b" name "$4" up
}

on() {
  local name=$1
  shift
  ip netns exec "$PREFIX-$name" "$@"
}

# spawn HOST LOG COMMAND... : in the background; its pid in $SPAWNED
spawn() {
  local name=$1 log=$2
  shift 2
  ip netns exec "$PREFIX-$name" "$@" >"$log" 2>&1 </dev/null &
  SPAWNED=$!
  disown # or the shell tells of each one that is killed
  PIDS+=("$SPAWNED")
}

# until SECONDS COMMAND... : repeats until it succeeds
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

ok() {
  PASSED=$((PASSED + 1))
  printf 'ok %3d  %s\n' "$PASSED" "$1"
}

fail() {
  printf 'FAILED  %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '        %s\n' "$@" >&2
  printf '%d passed, 1 failed\n' "$PASSED"
  exit 1
}

# equal WHAT EXPECTED FOUND
equal() {
  [ "$2" = "$3" ] && ok "$1: $3" || fail "$1" "expected: $2" "found:    $3"
}

# matches WHAT REGEX FOUND
matches() {
  [[ $3 =~ $2 ]] && ok "$1: ${BASH_REMATCH[0]}" || fail "$1" "expected to match: $2" "found:             $3"
}

# succeeds WHAT COMMAND...
succeeds() {
  local what=$1 log="$WORK/step.log"
  shift
  "$@" >"$log" 2>&1 && ok "$what" || fail "$what" "command: $*" "$(tail -n 15 "$log")"
}

tidy() {
  local code=$? pid
  for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${PIDS[@]}"; do
    for _ in $(seq 50); do [ -e "/proc/$pid" ] || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  done
  local ns
  for ns in $(ip netns list | cut -d' ' -f1 | grep "^$PREFIX-"); do
    ip netns pids "$ns" | xargs -r kill 2>/dev/null || true
    ip netns del "$ns"
    rm -rf "/etc/netns/$ns"
  done
  if [ $code -eq 0 ] && [ -z "${KEEP:-}" ]; then rm -rf "$WORK"; else printf 'logs are kept in %s\n' "$WORK" >&2; fi
  return $code
}
trap tidy EXIT
