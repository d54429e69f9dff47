#!/usr/bin/env bash
# kernels.sh FOLDER [RELEASE...]: Debian's kernels for clouds, one of each release, unpacked into FOLDER/VERSION for
# kernel:PATH.
#
# The sums of all files that are kept are in FOLDER/VERSION/SHA256SUMS: what is there and whole is not fetched again.
set -euo pipefail
# shellcheck source=runner/targets/debian.sh
. "$(dirname "$0")/debian.sh"

into=${1:?the folder to put the kernels into}
releases=("${@:2}")
[ ${#releases[@]} -gt 0 ] || releases=(bullseye bookworm trixie forky) # 5.10, 6.1, 6.12, 7.x
mkdir -p "$into"
into=$(cd "$into" && pwd)
work=$(mktemp -d "$into/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# needs RELEASE PACKAGE EXPRESSION: the packages that a package depends on and whose names fit.
needs() {
	with "$site" "$work" "$1" apt-cache depends "$2" | awk -v fits="$3" '$1 == "Depends:" && $2 ~ fits { print $2 }'
}

# whole RELEASE: the folder of this release's kernel, if it is there as it was fetched.
whole() {
	local note
	note=$(grep -l -s -x "$1" "$into"/*/release) || return 1
	(cd "${note%/release}" && sha256sum --check --quiet --strict SHA256SUMS) || return 1
	echo "${note%/release}"
}

# fetch RELEASE: gets its kernel and puts it in place in one move.
fetch() {
	local release=$1 debs=$work/$1.debs root=$work/$1.root image vmlinuz version deb
	mkdir "$debs" "$root"
	with "$site" "$work" "$release" apt-get -q update
	image=$(needs "$release" linux-image-cloud-amd64 '^linux-image-[0-9]')
	# Since 7.0 the image is a package of packages.
	mapfile -t packages < <(echo "$image"; needs "$release" "$image" '^linux-(binary|modules)-[0-9]')
	(cd "$debs" && with "$site" "$work" "$release" apt-get -q download "${packages[@]}")
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$root"
	done
	vmlinuz=$(find "$root" -name 'vmlinuz*' -type f)
	version=$(basename "$(find "$root" -path '*/lib/modules/*' -prune -type d)")
	version=$(echo "$version" | grep -oE '^[0-9]+\.[0-9]+')
	[ -s "$vmlinuz" ] || { echo "kernels: no vmlinuz in ${packages[*]}" >&2; return 1; }
	echo "$release" >"$root/release"
	(cd "$root" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$work/SHA256SUMS"
	mv "$work/SHA256SUMS" "$root"
	rm -rf "${into:?}/$version"
	mv "$root" "$into/$version"
	echo "$into/$version"
}

site=
for release in "${releases[@]}"; do
	if folder=$(whole "$release"); then
		echo "$release: $folder"
		continue
	fi
	site=${site:-$(mirror)}
	fetch "$release"
done
