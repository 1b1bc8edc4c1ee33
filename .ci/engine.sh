# shellcheck shell=bash
# What .ci/images and .ci/containers share: the container engine, the images by name, and questions about containers. Sourced after lib.sh.

# shellcheck disable=SC2154  # lib.sh sets them
lab=$shared/lab
project=lopt-ci-$$
export BUILDAH_FORMAT=docker

can_run() {
  local tools
  if [ ! -x "$lab/local-base-images.sh" ]; then skip "containers: no ../shared/lab, whose base images are needed"
  elif tools=$(missing podman buildah debootstrap docker-compose jq curl openssl); then skip "containers: $tools not installed"
  elif [ "$(id -u)" != 0 ]; then skip "containers: root is needed"
  else return 0
  fi
  return 1
}

# Two runs at a time would meet in the images' tags.
lock() { exec 8> /tmp/lopt-ci-containers.lock && flock -w 1200 8; }

choose_engine() {
  export CONTAINERS_CONF
  CONTAINERS_CONF=$("$lab/local-base-images.sh" --print-engine-config)
}

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
image() { echo "localhost/lopt-$1:ci"; }
image_has() { [ "$(podman image inspect --format "$2" "$(image "$1")")" = "$3" ]; }           # TARGET FORMAT VALUE
containers() { podman ps -a --filter "name=${project}_$1_" --format '{{.Names}}' | sort; }    # SERVICE
container() { containers "$1" | sed -n "${2:-1}p"; }                                         # SERVICE [NUMBER]
inspected() { podman inspect --format "$2" "$1"; }                                           # CONTAINER FORMAT
main_process() { inspected "$1" '{{.State.Pid}}'; }
has_state() { local state; state=$(inspected "$1" '{{.State.Status}} {{.State.ExitCode}}') && echo "$1 $state" && [ "$state" = "$2" ]; }
is_running() { [ "$(inspected "$1" '{{.State.Running}}')" = true ]; }
is_healthy() { [ "$(inspected "$1" '{{.State.Status}} {{.State.Health.Status}}')" = "running healthy" ]; }
stops_by_sigterm() { podman stop -t 30 "$1" && has_state "$1" "exited 0"; }
