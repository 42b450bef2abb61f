{# Few processes: each costs a tenth of a second on an emulated host. #}
PATH=$PATH:/usr/sbin:/sbin
dry={{ ansible_check_mode | lower }}
newline='
'

loaded() { cut -d ' ' -f 1 /proc/modules 2>/dev/null; }
# Whether a line of $1 is $2.
holds() { case $newline$1$newline in *"$newline$2$newline"*) true ;; *) false ;; esac; }

# What is neither loaded nor built in. Prints what loading it changes.
absent=
for module in {{ drivers_chosen | map('extract', drivers_needs) | map(attribute='modules', default=[]) | flatten | unique | join(' ') }}; do
  [ -e "/sys/module/$module" ] || absent="$absent $module"
done
if [ -n "$absent" ] && $dry; then
  modprobe --all --dry-run --verbose $absent 2>/dev/null | sed -n "s|^insmod .*/\([^.]*\)\.ko.*|\1|p"
elif [ -n "$absent" ]; then
  modprobe --all --quiet $absent 2>/dev/null
  now=$(loaded)
  for module in $absent; do if holds "$now" "$module"; then echo "$module"; fi; done
fi

# /etc/modules-load.d/bench-DRIVER.conf: what is loaded as a module, since systemd fails on one that it does not find.
# Prints the files that change.
now=$(loaded)
keep() {
  file=/etc/modules-load.d/bench-$1.conf
  shift
  lines=
  for module; do if holds "$now" "$module"; then lines=$lines${lines:+$newline}$module; fi; done
  [ -n "$lines" ] || return
  [ "$lines" != "$(cat "$file" 2>/dev/null)" ] || return
  echo "$file"
  $dry || { mkdir -p "${file%/*}" && echo "$lines" >"$file"; }
}
{% for name in drivers_chosen %}
keep {{ name }} {{ drivers_needs[name].modules | default([]) | join(' ') }}
{% endfor %}
true
