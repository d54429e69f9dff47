#!/usr/bin/env bash
# texts.sh FOLDER: the texts of the RFCs whose sentences stand here, in FOLDER/rfcNUMBER.txt, from Debian's packages doc-rfc-*
# (non-free, which only this call knows of: the machine's list of packages stays as it is). They are no part of the tree.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=runner/targets/debian.sh
. "$here/../../runner/targets/debian.sh"
into=${1:?the folder to put them into}
mkdir -p "$into"
into=$(cd "$into" && pwd)
work=$(mktemp -d "$into/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/sources"
site=$(mirror)
cat >"$work/sources/non-free.sources" <<SOURCES
Types: deb
URIs: $site
Suites: bookworm
Components: non-free
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
apt=(apt-get -q -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$work/sources" -o "Dir::State::Lists=$work/lists"
	-o "Dir::Cache=$work/cache" -o "APT::Sandbox::User=root")
"${apt[@]}" update

# Each file says which package it was read from, and in which version.
jq -r '.documents[].text' "$here"/rfc*.json | sort -u >"$work/packages"
(cd "$work" && sed 's/ /=/' packages | xargs "${apt[@]}" download)
for package in "$work"/*.deb; do dpkg -x "$package" "$work/root"; done
jq -r '.documents[].rfc' "$here"/rfc*.json | while read -r number; do
	found=$(find "$work/root" -type f -name "rfc$number.txt.gz" | head -n 1)
	gunzip -c "${found:?there is no RFC $number in these packages}" >"$work/rfc$number.txt"
	mv "$work/rfc$number.txt" "$into"
done
