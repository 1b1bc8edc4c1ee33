# shellcheck shell=bash
# Helpers of the scripts in .ci and bench. A script sources this file first, and then runs in the root of the repository.
#
# A script of the gate counts its results by check, require, skip and script, and ends with `finish`. A script that has
# counted something and ends in any other way has failed, whatever its exit status: to die early is not to succeed.
# `set -e` does not act inside a command under check, so checked functions join their commands by && or || return.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)                       # removed when the script ends
# shellcheck disable=SC2034  # for the scripts that source this file
shared=$(realpath -m ../shared)         # data, golden cases and base images that are not part of the repository
# shellcheck disable=SC2034
patience=300                            # seconds to wait for what must happen, however busy the machine is
check_output=quiet                      # quiet: a check's output is shown only if it fails; shown: always
parent_results=${GATE_RESULTS:-}        # set if `script` of another script started this one
results=${parent_results:-$work/results}
finished=no
unset GATE_RESULTS
exec {output}>&1                        # where results are printed, also if the script ends within a check

step() { printf '\n== %s (%(%T)T)\n' "$1" -1; }
note() { echo "        $*"; }
record() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >> "$results"; } # KIND COUNT NAME
total() { awk -F'\t' -v kind="$1" '$1 == kind { sum += $2 } END { print sum + 0 }' "$results"; }
passed() { record passed 1 "$1"; echo "ok      $1"; }
failed() { record failed 1 "$1"; echo "FAILED  $1"; }
skip() { record skipped 1 "$1"; echo "skipped: $1"; }

# try NAME COMMAND…: runs the command, counts it and returns whether it succeeded.
try() {
  local name=$1 status=0
  shift
  if [ "$check_output" = shown ]; then "$@" || status=$?; else "$@" > "$work/check.log" 2>&1 || status=$?; fi
  if [ "$status" = 0 ]; then passed "$name"; return; fi
  failed "$name"
  [ "$check_output" = shown ] || tail -n 20 "$work/check.log" | sed 's/^/        /'
  return 1
}
# check NAME COMMAND…: as try; the script continues in any case.
check() { try "$@" || true; }
# require NAME COMMAND…: as try; the script ends if the command fails, since the rest depends on it.
require() { try "$@" || { finish || true; exit 1; }; }

# script NAME SECONDS [ARGUMENT…]: runs another script of the gate, whose results count as this script's own.
script() {
  local status=0
  : > "$work/$1.results"
  GATE_RESULTS=$work/$1.results timeout -k 60 "$2" ".ci/$1" "${@:3}" || status=$?
  count_script "$1" "$2" "$status"
}
count_script() { # NAME SECONDS STATUS
  local own=$work/$1.results
  cat "$own" >> "$results"
  if [ "$3" = 124 ]; then failed "$1 ran longer than $2 s"
  elif [ "$3" != 0 ] && ! grep -q '^failed' "$own"; then failed "$1 ended with status $3"
  elif [ ! -s "$own" ]; then failed "$1 checked nothing"
  fi
}

# begin NAME SECONDS [ARGUMENT…]: as script, beside what follows, until `await NAME` shows what it printed and counts its results.
declare -A begun=()
begin() {
  : > "$work/$1.results"
  GATE_RESULTS=$work/$1.results timeout -k 60 "$2" ".ci/$1" "${@:3}" > "$work/$1.log" 2>&1 &
  begun[$1]="$! $2"
}
await() {
  local process seconds status=0
  read -r process seconds <<< "${begun[$1]}"
  wait "$process" || status=$?
  unset "begun[$1]"
  cat "$work/$1.log"
  count_script "$1" "$seconds" "$status"
}
# stop_begun: ends what was begun and not awaited, and waits until it has cleaned up.
stop_begun() {
  local entry
  for entry in "${begun[@]}"; do
    kill "${entry% *}"
    wait "${entry% *}"
  done
}

# finish: the closing line, and a status that says whether everything passed.
finish() {
  finished=yes
  if [ -z "$parent_results" ]; then
    sed -n 's/^failed\t[1-9][0-9]*\t/failed: /p' "$results"
    echo "$(total passed) passed, $(total failed) failed, $(total skipped) skipped"
  fi
  [ "$(total failed)" = 0 ]
}

# Runs at every end; a script may define `cleanup` for what it has started.
leave() {
  local status=$?
  trap - EXIT
  trap '' INT TERM
  exec 1>&"$output"
  if [ "$finished" = no ] && [ -s "$results" ]; then
    failed "$(basename "$0") ended early (status $status)"
    finish || status=1
  fi
  stop_begun 2> /dev/null || true
  if declare -F cleanup > /dev/null; then cleanup || true; fi
  rm -rf "$work"
  exit "$status"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# version: that of the repository, without the suffix of a prerelease.
version() { sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props; }
not() { ! "$@"; }
# within SECONDS COMMAND…: repeats the command until it succeeds; fails if it does not within that time.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.5
  done
}
# drawn PATH: whether PATH.svg is there, and PATH.png is a PNG of twice its size.
drawn() {
  local width height
  read -r width height < <(sed -n '1s/.* width="\([0-9]*\)" height="\([0-9]*\)".*/\1 \2/p' "$1.svg") &&
    [ "$(od -An -tx1 -N8 "$1.png")" = " 89 50 4e 47 0d 0a 1a 0a" ] &&
    [ "$(od -An -tu4 --endian=big -j16 -N8 "$1.png" | xargs)" = "$((2 * width)) $((2 * height))" ]
}
# missing TOOL…: prints the tools that are not installed; fails if there are none.
missing() {
  local tool names=()
  for tool in "$@"; do command -v "$tool" > /dev/null || names+=("$tool"); done
  [ ${#names[@]} != 0 ] && echo "${names[*]}"
}
# holds A OPERATOR B: compares two numbers by >=, <=, > or <. What is not a number (an absent metric) fails.
holds() {
  awk -v a="$1" -v operator="$2" -v b="$3" 'BEGIN {
    number = "^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?$"
    if (a !~ number || b !~ number) exit 1
    difference = a - b
    exit !(operator == ">=" ? difference >= 0 : operator == "<=" ? difference <= 0 : operator == ">" ? difference > 0 : operator == "<" && difference < 0)
  }'
}
# advanced BEFORE COUNT: whether a run is COUNT outer-updates beyond BEFORE. The script defines `updates`, which prints where the run is.
advanced() { [[ $1 =~ ^[0-9]+$ ]] && holds "$(updates)" '>=' $(($1 + $2)); }
# json FILE PATH: a value of a JSON file, by a dotted path.
json() { jq -e ".$2" "$1"; }
# at_least FILE PATH BOUND, at_most FILE PATH BOUND: a number of a JSON file against a bound.
at_least() { local value; value=$(json "$1" "$2") && note "$2 = $value (at least $3)" && holds "$value" '>=' "$3"; }
at_most() { local value; value=$(json "$1" "$2") && note "$2 = $value (at most $3)" && holds "$value" '<=' "$3"; }
# free_port: a TCP port that nothing listens on.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2> /dev/null || echo $((20000 + RANDOM % 12000))
}
