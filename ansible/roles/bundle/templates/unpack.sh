set -eu
umask 022
cd {{ bundle_folder | quote }}
hash={{ bundle_hash }}

# Unpacked beside and renamed: a folder that has a hash's name is whole, after a power cut too.
if [ ! -d "$hash" ]; then
  part=$(mktemp --directory ".$hash.XXXXXX")
  trap 'rm -rf "$part" .sent' EXIT
  chmod 755 "$part"
  tar --extract --no-same-owner --file .sent/* --directory "$part"
  if [ ! -x "$part/node" ] || [ ! -f "$part/dist/harness/main.js" ]; then
    echo 'the archive is no bundle: it has no node or no dist/harness/main.js' >&2
    exit 1
  fi
  sync --file-system .
  mv --no-target-directory "$part" "$hash" 2>/dev/null || [ -d "$hash" ]
fi
ln --symbolic --force --no-dereference "$hash" current

# The newest stay, and whatever a process runs from.
touch "$hash"
ls --sort=time | grep -Ex '[0-9a-f]{8,64}' | tail --lines=+{{ bundle_keep + 1 }} | while read -r old; do
  running=$(find /proc -maxdepth 2 -name exe -lname "$PWD/$old/*" 2>/dev/null | head -n 1)
  [ -n "$running" ] || rm -rf "$old"
done
