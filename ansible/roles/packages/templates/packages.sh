{# Begins the scripts of both tasks. #}
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
# Ubuntu's needrestart would ask which services to restart.
export NEEDRESTART_SUSPEND=1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
newline='
'

{% for action, command in packages_tools[packages_family].items() %}
{{ action }}() { names=$*; {{ command }}; }
{% endfor %}

# Of the names given, those that are not installed.
missing() {
  [ $# -gt 0 ] || return 0
  found=$newline$(installed "$@" 2>/dev/null)$newline
  for name; do
    case $found in
      *"$newline$name$newline"*) ;;
      *) echo "$name" ;;
    esac
  done
}

# What there is to install: what has to be there and is not, and of the rest what the release has.
lacking() {
  missing {{ packages_wanted | map('quote') | join(' ') }}
  maybe=$(missing {{ packages_maybe | map('quote') | join(' ') }})
  [ -z "$maybe" ] || offered $maybe 2>/dev/null | sort -u
}

# Lists of packages that are old or were never fetched are fetched when it does not go without.
try() { names=$(lacking) && { [ -z "$names" ] || install $names; }; }
