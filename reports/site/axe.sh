#!/usr/bin/env bash
# axe.sh FOLDER: the accessibility checker axe-core in FOLDER/axe.min.js, for the browser tests. It is part of neither the
# tree nor the program (MPL-2.0). The hash is the one that npm pins in a lock file.
set -euo pipefail

version=4.14.1
sha512=FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==
into=${1:?the folder to put it into}
mkdir -p "$into"
into=$(cd "$into" && pwd)
if [ "$(cat "$into/version" 2>/dev/null)" = "$version" ]; then
	exit 0
fi
work=$(mktemp -d "$into/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm pack --silent --ignore-scripts "axe-core@$version" >/dev/null)
found=$(openssl dgst -sha512 -binary "$work/axe-core-$version.tgz" | base64 -w 0)
if [ "$found" != "$sha512" ]; then
	echo "axe-core $version is not what it was: its SHA-512 is $found" >&2
	exit 1
fi
tar -xzf "$work/axe-core-$version.tgz" -C "$work" package/axe.min.js
mv "$work/package/axe.min.js" "$into/axe.min.js"
echo "$version" >"$into/version"
