#!/usr/bin/env bash
# debian.sh is read by the scripts that get something from other releases of Debian than this machine's. Packages come
# through apt, which checks Debian's signatures and the sums in the indices, from the mirror that this machine uses anyway;
# its own apt configuration and lists stay as they are.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror prints where this machine gets Debian from, or what DEBIAN_MIRROR names.
mirror() {
	if [ -n "${DEBIAN_MIRROR:-}" ]; then
		echo "$DEBIAN_MIRROR"
		return
	fi
	# shellcheck disable=SC2016 # $(SITE) is apt's
	if ! apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 '/debian/*$'; then
		echo "$(basename "$0"): apt has no mirror of Debian here; name one in DEBIAN_MIRROR" >&2
		return 1
	fi
}

# with SITE WORK RELEASE TOOL ARGS...: one of apt's tools with lists of its own for this release, kept below the folder WORK.
with() {
	local site=$1 release=$3 state=$2/$3
	shift 3
	mkdir -p "$state"/{lists,cache}/partial "$state/cache/archives/partial"
	: >"$state/status"
	echo "deb [signed-by=$keyring] $site $release main" >"$state/sources.list"
	"$@" -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State::Lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
		-o APT::Architecture=amd64 -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
		-o APT::Sandbox::User="$(id -un)"
}
