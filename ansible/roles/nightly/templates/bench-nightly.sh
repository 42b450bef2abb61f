#!/bin/sh
# Measures the nightly plan, compares it with the last good run of the same fingerprint, measures what seems to have got
# worse again, and keeps all of it.
#
#   bench-nightly             by the bundle on this host
#   bench-nightly CHECKOUT    by the sources that are built there, and their plan: for CI
#
# RESULTS/runs holds the runs, also those that measured suspicious cells again; RESULTS/last leads to the one of this time, with summary.md and compare.md beside its
# report. Exit code: that of bench run, else that of bench compare; 7 is a regression, 8 a comparison
# that could not be decided.
set -u
umask 022

readonly directory={{ bench_directory | quote }}
readonly results={{ nightly_results | quote }}
readonly keep={{ nightly_keep }}
not_ready() {
  echo "bench-nightly: $1" >&2
  exit 4
}

if [ $# -gt 0 ]; then
  node=node program=$1/dist/harness/main.js plan=$1/plans/nightly.yaml
else
  # By its own name, so that a newer bundle changes nothing under way.
  bundle=$(readlink --canonicalize-existing "$directory/bundle/current") ||
    not_ready "no bundle in $directory/bundle; bench host provision brings one"
  node=$bundle/node program=$bundle/dist/harness/main.js plan=$results/plan/{{ nightly_plan | basename | quote }}
fi

# A signal goes on to the program, which needs a moment to take down what it has set up.
child=
trap '[ -z "$child" ] || kill -TERM "$child"' TERM INT HUP
bench() {
  "$node" "$program" "$@" 8>&- &
  child=$!
  wait "$child"
  status=$?
  # A signal ends the wait, not the child.
  while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    status=$?
  done
  child=
  return "$status"
}

worse() { [ "$code" -ne 0 ] || code=$1; }
newest() { ls -1 "$results/runs" | sort | tail --lines=1; }

mkdir -p "$directory" "$results/runs"
# The one lock of the host, `bench run --host` takes it too: whoever has it measures.
exec 8>>"$directory/lock"
flock --nonblock 8 || not_ready "the host is taken: $(cat "$directory/lock")"
echo "{\"job\":\"nightly\",\"owner\":\"bench-nightly\",\"since\":\"$(date --utc +%FT%TZ)\"}" >"$directory/lock"
rm -f "$results/last"
# What a run that was killed has left on the host.
bench clean

before=$(newest)
bench run --plan "$plan" --output "$results/runs"{{ (' --device ' ~ nightly_device | quote) if nightly_device else '' }}{{ (' --destroy ' ~ nightly_destroy | quote) if nightly_destroy else '' }}
code=$?
run=$results/runs/$(newest)
[ "$(newest)" != "$before" ] || exit "$code"
ln -s "runs/${run##*/}" "$results/last"

bench compare --history "$results/runs" "$run" --fail-on-regression{{ (' --confirm ' ~ nightly_confirm) if nightly_confirm else '' }} --markdown >"$run/compare.md"
worse $?
bench report "$run" --markdown >"$run/summary.md"
worse $?

ls -1 "$results/runs" | sort --reverse | tail --lines="+$((keep + 1))" | while read -r old; do
  rm -rf "$results/runs/$old"
done
exit "$code"
