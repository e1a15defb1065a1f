#!/bin/sh
# Compares thresholds from which the fixed part of a list goes to DATA: copies the crate once for each, with the constant
# changed, builds one program with all copies in it, and prints its table. `--quick` only sees that it runs.
set -eu

benches=$(cd "$(dirname "$0")" && pwd)
crate=$(dirname "$benches")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

for threshold in 16 128 512 2048 4096; do
    copy="$place/ndwire-$threshold"
    mkdir "$copy"
    cp -R "$crate/src" "$copy/src"
    # Only the library: examples, tests and benches of the manifest have no files here.
    awk '/^\[\[/ { skip = 1 } /^\[[^[]/ { skip = 0 } !skip' "$crate/Cargo.toml" |
        sed "s/^name = \"ndwire\"\$/name = \"ndwire-$threshold\"/; /^readme = /d" > "$copy/Cargo.toml"
    module="$copy/src/wire/mod.rs"
    sed "s/^\(pub(crate) const DATA_THRESHOLD: [a-z0-9]* =\) [0-9_]*;/\1 $threshold;/" "$module" > "$module.changed"
    mv "$module.changed" "$module"
    grep -q "^pub(crate) const DATA_THRESHOLD: [a-z0-9]* = $threshold;" "$module" || {
        echo "constants.sh: DATA_THRESHOLD was not found in src/wire/mod.rs" >&2
        exit 1
    }
done

mkdir "$place/benches"
cp -R "$benches/src" "$benches/constants" "$benches/Cargo.lock" "$place/benches"
# The crate itself, for the package that the program shares its measuring with, is one of the copies.
sed 's#^ndwire = { path = ".."#ndwire = { package = "ndwire-512", path = "../ndwire-512"#; /^\[dev-dependencies\]/,/^$/d; /^\[\[test\]\]/,/^$/d' \
    "$benches/Cargo.toml" > "$place/benches/Cargo.toml"
mv "$place/benches/constants" "$place/constants"
cp "$benches/Cargo.lock" "$place/constants/Cargo.lock"
cargo run --release --manifest-path "$place/constants/Cargo.toml" --target-dir "${CARGO_TARGET_DIR:-$benches/target}/constants" -- "$@"
