#!/usr/bin/env bash
# kernels.sh FOLDER: Debian's kernels for clouds, one of each release, unpacked into FOLDER/VERSION for kernel:PATH.
#
# They come through apt, which checks Debian's signatures and the sums in the indices, from the mirror that this machine
# uses anyway; its own apt configuration and lists stay as they are. The sums of all files that are kept are in
# FOLDER/VERSION/SHA256SUMS: what is there and whole is not fetched again.
set -euo pipefail

releases=(bullseye bookworm trixie forky) # 5.10, 6.1, 6.12, 7.x
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
into=${1:?the folder to put the kernels into}
mkdir -p "$into"
into=$(cd "$into" && pwd)
work=$(mktemp -d "$into/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# mirror prints where this machine gets Debian from, or what DEBIAN_MIRROR names.
mirror() {
	if [ -n "${DEBIAN_MIRROR:-}" ]; then
		echo "$DEBIAN_MIRROR"
	else
		# shellcheck disable=SC2016 # $(SITE) is apt's
		apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 '/debian/*$'
	fi
}

# with RELEASE TOOL ARGS...: one of apt's tools with lists of its own for this release.
with() {
	local release=$1 state=$work/$1
	shift
	mkdir -p "$state"/{lists,cache}/partial "$state/cache/archives/partial"
	: >"$state/status"
	echo "deb [signed-by=$keyring] $site $release main" >"$state/sources.list"
	"$@" -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State::Lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
		-o APT::Architecture=amd64 -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
		-o APT::Sandbox::User="$(id -un)"
}

# needs RELEASE PACKAGE EXPRESSION: the packages that a package depends on and whose names fit.
needs() {
	with "$1" apt-cache depends "$2" | awk -v fits="$3" '$1 == "Depends:" && $2 ~ fits { print $2 }'
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
	with "$release" apt-get -q update
	image=$(needs "$release" linux-image-cloud-amd64 '^linux-image-[0-9]')
	# Since 7.0 the image is a package of packages.
	mapfile -t packages < <(echo "$image"; needs "$release" "$image" '^linux-(binary|modules)-[0-9]')
	(cd "$debs" && with "$release" apt-get -q download "${packages[@]}")
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
	if [ -z "$site" ] && ! site=$(mirror); then
		echo "kernels: apt has no mirror of Debian here; name one in DEBIAN_MIRROR" >&2
		exit 1
	fi
	fetch "$release"
done
