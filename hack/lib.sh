# Shared by the scripts in hack/: where the repository is, and how missing system packages get installed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# as_root COMMAND…: runs it as root, by sudo where somebody else runs this.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || die "'$*' needs root, and there is no sudo on PATH. Run this as root, or install sudo."
  sudo "$@"
}

# need_packages NAME…: installs the Debian or Ubuntu packages that are missing.
need_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "these packages are missing: ${missing[*]}. Install them, then run this again."
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# need_program PROGRAM PACKAGE: installs the package where no such program is on PATH.
need_program() { command -v "$1" >/dev/null || need_packages "$2"; }

# want_from_pypi FOLDER PACKAGE==VERSION…: makes a Python environment with these packages there, once. Where it cannot, it leaves none
# and says so by its exit code: not every machine reaches PyPI.
want_from_pypi() {
  local folder=$1
  shift
  [ "$(cat "$folder/packages" 2>/dev/null)" = "$*" ] && return
  python3 -c 'import ensurepip, venv' 2>/dev/null || need_packages python3-venv
  say "installing $* (PyPI) into $folder"
  rm -rf "$folder"
  mkdir -p "$(dirname "$folder")"
  if python3 -m venv "$folder" && timeout 300 "$folder/bin/pip" install -q --retries 1 --timeout 15 "$@"; then
    echo "$*" >"$folder/packages"
  else
    rm -rf "$folder"
    return 1
  fi
}

need_swift() {
  command -v swift >/dev/null || die "no 'swift' on PATH. Install a Swift 6.2 or newer toolchain from https://swift.org/install, then run this again."
}

# is_up DIR: whether a `switchyard up` has the state folder. It holds a lock on DIR/pid as long as it lives.
is_up() {
  [ -f "$1/pid" ] || return 1
  [ -r "$1/pid" ] || die "$1/pid cannot be read: another user's switchyard up? Run this as that user, or use another --data-dir."
  local code=0
  flock --nonblock --shared --conflict-exit-code 75 "$1/pid" true || code=$?
  case "$code" in
    0) return 1 ;;
    75) return 0 ;;
    *) die "flock failed on $1/pid (exit code $code)" ;;
  esac
}

# What the build links against.
build_packages=(libcurl4-openssl-dev libssl-dev libyaml-dev)
