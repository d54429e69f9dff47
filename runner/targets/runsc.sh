#!/usr/bin/env bash
# runsc.sh FOLDER: two releases of gVisor's runsc, in FOLDER/DATE/runsc for runsc:PATH. The one of 2022 is the oldest that
# Debian has; the other is built from source by the Go toolchain, at the version named here.
set -euo pipefail
# shellcheck source=runner/targets/debian.sh
. "$(dirname "$0")/debian.sh"

old=20221219 release=bookworm
new=20260905 version=v0.0.0-20260905035102-160fafc42237
into=${1:?the folder to put them into}
mkdir -p "$into"
into=$(cd "$into" && pwd)
work=$(mktemp -d "$into/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# place FILE DATE: puts a runsc in place in one move.
place() {
	mkdir -p "$into/$2"
	mv "$1" "$into/$2/runsc"
	echo "$into/$2/runsc: $("$into/$2/runsc" --version | head -n 1)"
}

if ! [ -x "$into/$old/runsc" ]; then
	site=$(mirror)
	with "$site" "$work" "$release" apt-get -q update
	(cd "$work" && with "$site" "$work" "$release" apt-get -q download runsc)
	dpkg-deb -x "$work"/runsc_*.deb "$work/root"
	place "$work/root/usr/bin/runsc" "$old"
fi
if ! [ -x "$into/$new/runsc" ]; then
	GOBIN=$work/bin CGO_ENABLED=0 "${GO:-go}" install -trimpath "gvisor.dev/gvisor/runsc@$version"
	place "$work/bin/runsc" "$new"
fi
