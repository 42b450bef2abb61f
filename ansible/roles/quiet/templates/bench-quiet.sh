#!/bin/sh
# Keeps this host quiet for a measurement, and puts it back.
#
#   bench-quiet [--dry-run] set    CPU governor, timers stopped, swap off
#   bench-quiet [--dry-run] back   everything as it was
#
# Prints a line for each change, and nothing where there is none to make. What was before stands in the record, in
# /run: nothing is changed that outlives a reboot, so the record need not either.
# Exit codes: 0 done, 1 something could not be changed, 2 wrong use.
set -eu
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

readonly governor={{ quiet_governor | quote }}
readonly swap_off={{ quiet_swap_off | lower }}
readonly patience={{ quiet_patience_seconds }} # seconds
readonly units='{{ quiet_units | join(' ') }}'

# For tests: where /sys, /proc and /run lie.
readonly root="${BENCH_QUIET_ROOT:-}"
readonly record=$root/run/bench-quiet

# Not echo, which in some shells takes the octal numbers for blanks that /proc/swaps has in names.
say() { printf '%s\n' "$1"; }
complain() { say "bench-quiet: $1" >&2; }

# --- what is there --------------------------------------------------------------------------------------------------
# A line for each thing that is not quiet, KIND NAME VALUE: what would be changed, and what it was.

loud_governors() {
  for file in "$root"/sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do
    [ -e "$file" ] || continue
    now=$(cat "$file")
    [ "$now" != "$governor" ] || continue
    grep -qw "$governor" "${file%/*}/scaling_available_governors" || continue
    cpu=${file%/cpufreq/*}
    say "governor ${cpu##*/} $now"
  done
}

has_systemd() { [ -d "$root/run/systemd/system" ]; }

# Units of the given names or patterns in a state.
units_that_are() (
  state=$1
  shift
  set -f
  systemctl list-units --plain --no-legend --full --state="$state" $* | cut -d ' ' -f 1
)

loud_units() {
  has_systemd || return 0
  units_that_are active "$units" | sed 's/.*/unit & active/'
}

# The kernel gives priorities below zero itself, each lower than the one before: so the highest comes first.
loud_swaps() {
  $swap_off || return 0
  tail -n +2 "$root/proc/swaps" | while read -r name _ _ _ priority; do say "swap $name $priority"; done |
    sort -s -k 3,3nr
}

# --- set ------------------------------------------------------------------------------------------------------------

set_quiet() {
  loud=$(loud_units && loud_swaps && loud_governors)
  if $dry; then
    [ -z "$loud" ] || say "$loud"
    return
  fi
  write_down "$loud"
  stop_units $(named unit)
  wait_for_jobs
  named swap | while read -r name; do turn_swap_off "$name"; done
  named governor | while read -r cpu; do set_governor "$cpu" "$governor"; done
}

# The names of one kind in what is loud.
named() { say "$loud" | sed -n "s/^$1 \([^ ]*\) .*/\1/p"; }

# Adds to the record what is not in it yet: of two calls in a row the first has seen what was before. The record is
# whole before anything changes.
write_down() {
  touch "$record"
  cp "$record" "$record.new"
  say "$1" | while read -r kind name value; do
    [ -z "$kind" ] || grep -qF "$kind $name " "$record" || say "$kind $name $value" >>"$record.new"
  done
  mv "$record.new" "$record"
}

stop_units() {
  [ $# -gt 0 ] || return 0
  systemctl stop "$@"
  printf 'stopped %s\n' "$@"
}

# What a timer has begun is waited for.
wait_for_jobs() {
  has_systemd || return 0
  services=$(printf '%s' "$units" | sed 's/\.timer/.service/g')
  waited=0
  while busy=$(units_that_are activating "$services") && [ -n "$busy" ]; do
    if [ "$waited" -ge "$patience" ]; then
      complain "after $patience s still running: $(echo $busy)"
      return 1
    fi
    sleep 1
    waited=$((waited + 1))
  done
}

# Names in /proc/swaps have blanks as octal numbers.
path_of() { printf '%b' "$(printf '%s' "$1" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')"; }

# KiB in a swap area; nothing where there is none of that name.
used_of() {
  while read -r name _ _ used _; do
    [ "$name" != "$1" ] || say "$used"
  done <"$root/proc/swaps"
}

turn_swap_off() {
  used=$(used_of "$1")
  available=$(awk '$1 == "MemAvailable:" { print $2 }' "$root/proc/meminfo")
  if [ "${used:-0}" -ge "$available" ]; then
    complain "swap $1 holds $used KiB, and only $available KiB of memory are available"
    return 1
  fi
  swapoff "$(path_of "$1")"
  say "swap $1 off"
}

set_governor() {
  echo "$2" >"$root/sys/devices/system/cpu/$1/cpufreq/scaling_governor" || return 1
  say "governor of $1 $2"
}

# --- back -----------------------------------------------------------------------------------------------------------

# What could not be put back stays in the record, for the next try.
put_back() {
  [ -e "$record" ] || return 0
  if $dry; then
    cat "$record"
    return
  fi
  : >"$record.left"
  while read -r kind name value; do
    "${kind}_back" "$name" "$value" || say "$kind $name $value" >>"$record.left"
  done <"$record"
  if [ -s "$record.left" ]; then
    mv "$record.left" "$record"
    complain "not put back: $(tr '\n' ';' <"$record")"
    return 1
  fi
  rm -f "$record" "$record.left"
}

governor_back() {
  file=$root/sys/devices/system/cpu/$1/cpufreq/scaling_governor
  # Of a CPU that was taken away since there is nothing to put back.
  [ -e "$file" ] || return 0
  [ "$(cat "$file")" = "$2" ] || set_governor "$1" "$2"
}

unit_back() {
  if systemctl --quiet is-active "$1"; then return 0; fi
  systemctl start "$1" && say "started $1"
}

swap_back() {
  [ -z "$(used_of "$1")" ] || return 0
  if [ "$2" -ge 0 ]; then
    swapon --priority "$2" "$(path_of "$1")" || return 1
  else
    swapon "$(path_of "$1")" || return 1
  fi
  say "swap $1 on"
}

# --------------------------------------------------------------------------------------------------------------------

dry=false
if [ "${1-}" = --dry-run ]; then
  dry=true
  shift
fi
case "$# ${1-}" in
  '1 set') action=set_quiet ;;
  '1 back') action=put_back ;;
  *)
    complain 'wrong use; write: bench-quiet [--dry-run] set|back'
    exit 2
    ;;
esac
if [ -z "$root" ] && [ "$(id -u)" -ne 0 ]; then
  complain 'needs root'
  exit 1
fi
# One at a time. The lock is on this file, so that none is left over.
exec 9<"$0"
flock 9
$action
