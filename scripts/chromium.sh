#!/usr/bin/env bash
# Prints the path of a Chromium that runs; installs one when there is none. Progress goes to stderr.
#
# ESGPORTAL_CHROMIUM names one of your own. Without root and without sudo, Debian's packages are unpacked
# below .local/chromium, which needs no rights at all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(chromium fonts-noto-cjk) # the fonts: without them a page in Chinese is drawn as boxes
unpacked="$PWD/.local/chromium"
log="$PWD/.local/chromium.log"

say() { printf 'chromium: %s\n' "$*" >&2; }

# A program of that name may be there and do nothing but point to another package system.
runs() { "$1" --headless --no-sandbox --version </dev/null >/dev/null 2>&1; }

find_one() {
  local name path
  for name in chromium chromium-browser google-chrome google-chrome-stable "$unpacked/chromium"; do
    if path=$(command -v "$name") && runs "$path"; then
      printf '%s\n' "$path"
      return
    fi
  done
  return 1
}

install_with() { # the words before apt-get: none, or sudo
  local apt=("$@" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
  # Another copy of this script may hold the lock of the package lists for a moment.
  "${apt[@]}" update || { sleep 10 && "${apt[@]}" update; } || return
  "${apt[@]}" install --no-install-recommends "${packages[@]}"
}

unpack() {
  local fresh="$unpacked.new" deb
  rm -rf "$fresh"
  mkdir -p "$fresh"/{state/lists/partial,cache/archives/partial,root,home}
  local apt=(apt-get -q -y -o Dir::State="$fresh/state" -o Dir::State::status=/var/lib/dpkg/status
    -o Dir::Cache="$fresh/cache" -o Debug::NoLocking=true -o Acquire::Retries=3)
  "${apt[@]}" update || return
  "${apt[@]}" install --download-only --no-install-recommends "${packages[@]}" || return
  for deb in "$fresh"/cache/archives/*.deb; do
    dpkg -x "$deb" "$fresh/root" || return
  done
  rm -rf "$fresh/state" "$fresh/cache"
  cat >"$fresh/fonts.conf" <<'FONTS' || return
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">root/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
FONTS
  cat >"$fresh/chromium" <<'WRAPPER' || return
#!/bin/sh
# Runs the Chromium unpacked beside this file with the libraries and fonts unpacked with it.
here=$(dirname "$(readlink -f "$0")")
for folder in "$here"/root/usr/lib/*-linux-gnu* "$here"/root/lib/*-linux-gnu*; do
  for part in "$folder" "$folder/nss" "$folder/pulseaudio" "$folder/blas" "$folder/lapack"; do
    [ ! -d "$part" ] || LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$part"
  done
done
export LD_LIBRARY_PATH
export FONTCONFIG_FILE="$here/fonts.conf" XDG_CONFIG_HOME="$here/home" XDG_CACHE_HOME="$here/home"
exec "$here/root/usr/lib/chromium/chromium" "$@"
WRAPPER
  chmod +x "$fresh/chromium"
  rm -rf "$unpacked"
  mv "$fresh" "$unpacked"
}

if [ -n "${ESGPORTAL_CHROMIUM:-}" ]; then
  path=$(command -v "$ESGPORTAL_CHROMIUM") && runs "$path" || {
    say "ESGPORTAL_CHROMIUM is set to $ESGPORTAL_CHROMIUM, which does not run."
    exit 1
  }
  printf '%s\n' "$path"
  exit
fi
find_one && exit

mkdir -p .local
exec 9>.local/chromium.lock
if command -v flock >/dev/null; then
  flock 9
  find_one && exit # another run in this checkout has just installed it
fi
if ! command -v apt-get >/dev/null; then
  say "none found, and no apt-get to install one. Install Chromium, or set ESGPORTAL_CHROMIUM to its path."
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  say "none found; installing it with apt-get …"
  install=(install_with)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  say "none found; installing it with sudo apt-get …"
  install=(install_with sudo -n)
else
  say "none found; unpacking Debian's packages below $unpacked …"
  install=(unpack)
fi
if ! "${install[@]}" </dev/null >"$log" 2>&1 9>&- || ! find_one; then
  tail -n 20 "$log" >&2
  say "could not be installed (all of it: $log). Install it, or set ESGPORTAL_CHROMIUM to its path."
  exit 1
fi
