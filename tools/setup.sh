# Sourced by tools/run, tools/test and tools/check: installs the packages that are missing, and
# builds. The caller sets `program` (its name in messages) and `root` (the checkout). What is needed
# stands in packages.txt. Everything said here goes to stderr; failures end with status 3.
# Set by the caller: SC2154. Called without arguments on purpose: SC2120.
# shellcheck shell=sh disable=SC2154,SC2120

say() {
  printf '%s: %s\n' "$program" "$*" >&2
}

fail() {
  say "$*"
  exit 3
}

require_linux() {
  system=$(uname -s)
  [ "$system" = Linux ] ||
    fail "driftbus runs on Linux only (it needs pidfd, timerfd and PR_SET_PDEATHSIG), this is '$system'"
}

# install_for WORD...: all that the rows of these words name is there afterwards.
install_for() {
  manager=$(package_manager)
  missing=$(missing_for "$@")
  [ -n "$missing" ] || return 0
  say "missing: $(names "$missing")"
  # Unquoted, so that the names become words.
  # shellcheck disable=SC2046
  case $manager in
    apt) install_with_apt "$(column 5 "$missing")" ;;
    dnf)
      say 'not tested: the names of the packages on a system with dnf'
      as_root dnf install -y $(column 6 "$missing")
      ;;
    pacman)
      say 'not tested: the names of the packages on a system with pacman'
      as_root pacman -S --needed --noconfirm $(column 7 "$missing")
      ;;
    none) fail "neither apt-get, dnf nor pacman is here: install the above by hand, then try again" ;;
  esac
  missing=$(missing_for "$@")
  [ -z "$missing" ] || fail "still missing or too old after the installation: $(names "$missing")"
}

# build TARGET...: build/ is configured and these targets (none: all) are up to date. The lock keeps
# two calls at the same time apart.
build() {
  mkdir -p "$root/build"
  (
    if command -v flock >/dev/null; then
      flock 9
    fi
    { [ -f "$root/build/build.ninja" ] || configure; } &&
      ninja -C "$root/build" "$@" </dev/null >&2
  ) 9>"$root/build/.lock" || fail 'the build failed, see above'
}

configure() {
  say "configuring $root/build (release); the first build takes a few minutes"
  meson setup "$root/build" "$root" </dev/null >&2
}

package_manager() {
  if command -v apt-get >/dev/null; then
    echo apt
  elif command -v dnf >/dev/null; then
    echo dnf
  elif command -v pacman >/dev/null; then
    echo pacman
  else
    echo none
  fi
}

# The rows of packages.txt for these words whose thing is not there.
missing_for() {
  for word in "$@"; do
    grep "^$word " "$root/tools/packages.txt" ||
      say "no package is listed for '$word' in tools/packages.txt"
  done | while read -r word kind name floor apt dnf pacman; do
    is_there "$kind" "$name" "$floor" "$apt" "$dnf" "$pacman" ||
      echo "$word $kind $name $floor $apt $dnf $pacman"
  done
}

is_there() {
  case $1 in
    command) command -v "$2" >/dev/null && { [ "$3" = - ] || at_least "$("$2" --version)" "$3"; } ;;
    module)
      command -v pkg-config >/dev/null && pkg-config --atleast-version="$3" "$2"
      ;;
    header)
      command -v c++ >/dev/null &&
        printf '#include <%s>\n' "$2" | c++ -E -x c++ - >/dev/null 2>&1
      ;;
    python) [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import $2" 2>/dev/null ;;
    package) is_installed "$4" "$5" "$6" ;;
    *) fail "tools/packages.txt: '$1' is no kind" ;;
  esac </dev/null
}

is_installed() {
  case $manager in
    apt) dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q 'ok installed' ;;
    dnf) rpm -q "$2" >/dev/null 2>&1 ;;
    pacman) pacman -Q "$3" >/dev/null 2>&1 ;;
    none) false ;;
  esac
}

at_least() {
  printf '%s\n%s\n' "$2" "$1" | sort -V -C
}

# names ROWS: what the rows ask for, as a person reads it.
names() {
  echo "$1" | awk '{ printf "%s%s%s", separator, $3, ($4 == "-" ? "" : " >= " $4); separator = ", " }'
}

# column N ROWS: the words of that column, each once.
column() {
  echo "$2" | awk -v column="$1" '!seen[$column]++ { print $column }'
}

install_with_apt() {
  as_root apt-get update || say 'apt-get update failed: going on with the package lists as they are'
  packages=
  for choice in $1; do
    packages="$packages $(first_known "$choice")"
  done
  # Unquoted, so that the names become words.
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 $packages ||
    fail 'apt-get could not install the packages, see above'
}

# first_known a|b: the first that this release has; the last when none is known.
first_known() {
  left=$1
  while [ "$left" != "${left#*|}" ]; do
    first=${left%%|*}
    left=${left#*|}
    if apt-cache show "$first" >/dev/null 2>&1; then
      echo "$first"
      return
    fi
  done
  echo "$left"
}

# as_root COMMAND...: says the command, then runs it as root. Asks for a password only where
# somebody can answer.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    say "running: $*"
    "$@" </dev/null >&2
  elif ! command -v sudo >/dev/null; then
    fail "needs root for '$*', and there is no sudo: run that as root, then try again"
  elif [ -t 0 ]; then
    say "running: sudo $*"
    sudo "$@" </dev/null >&2
  else
    say "running: sudo -n $*"
    sudo -n "$@" </dev/null >&2
  fi
}
