# shellcheck shell=bash
# shellcheck disable=SC2154  # lib.sh sets $work
# What a lopt that was installed must do, wherever it comes from. Sourced after lib.sh.

# installed_lopt NAME LOPT: checks the program. train starts its coordinator and worker from itself; a figure needs the native code that draws.
installed_lopt() {
  local name=$1 lopt=$2 folder=$work/${1// /-}
  mkdir -p "$folder"
  check "$name has the version of the repository" has_version "$lopt"
  check "$name brings its θ" "$lopt" theta copy mixture-train -o "$folder/shipped.safetensors"
  check "$name trains, starting its processes from itself" timeout 300 "$lopt" train --run "$folder/run" \
    --set outerUpdates=20 --set truncationRampUpdates=14 --set comparisonTasks=2
  check "$name evaluates a θ that it brings" evaluates "$lopt"
  check "$name writes report and θ" test -s "$folder/run/report.html" -a -s "$folder/run/theta.safetensors"
  check "$name draws" draws "$lopt" "$folder"
}
has_version() { local version; version=$("$1" --version) && note "$version" && [ "${version%%[+-]*}" = "$(version)" ]; }
evaluates() { timeout 300 "$1" evaluate theta:mixture-train --set comparisonTasks=1; }
draws() { "$1" reproduce 2a -o "$2" && drawn "$2/2a"; }
