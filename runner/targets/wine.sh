#!/usr/bin/env bash
# wine.sh FOLDER: Debian 13 with its Wine 10 in FOLDER, for wine:FOLDER. Programs that today's Go builds need Wine 9 or
# newer, and Debian 12 has Wine 8. It needs root, debootstrap and 1.5 GB.
set -euo pipefail
# shellcheck source=runner/targets/debian.sh
. "$(dirname "$0")/debian.sh"

release=trixie
into=${1:?the folder to put it into}
if [ -e "$into/wine-is-whole" ]; then
	exit 0
fi
site=$(mirror)
parent=$(mkdir -p "$(dirname "$into")" && cd "$(dirname "$into")" && pwd)
work=$parent/.$(basename "$into").work
rm -rf --one-file-system "$work"
trap 'rm -rf --one-file-system "$work"' EXIT

debootstrap --variant=minbase --keyring="$keyring" "$release" "$work" "$site"
# Services must not be started by their packages, here or anywhere.
printf '#!/bin/sh\nexit 101\n' >"$work/usr/sbin/policy-rc.d"
chmod 755 "$work/usr/sbin/policy-rc.d"
chroot "$work" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends wine wine64
chroot "$work" apt-get clean
# Wine asks the C library for names, and debootstrap leaves this file out.
printf '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n' >"$work/etc/hosts"
: >"$work/etc/resolv.conf"
touch "$work/wine-is-whole"
rm -rf --one-file-system "$into"
mv "$work" "$into"
