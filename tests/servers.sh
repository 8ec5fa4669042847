#!/bin/sh
# Puts Debian's servers for the integration tests in place. Where it may not install them it says what is missing and
# fails: a test must not be skipped in silence. Idempotent; costs milliseconds when all is there.
set -eu

# command=package, looked up along PATH and the sbin directories that a user's PATH lacks
SERVERS="
snmpd=snmpd
snmpwalk=snmp
prometheus=prometheus
promtool=prometheus
prometheus-alertmanager=prometheus-alertmanager
amtool=prometheus-alertmanager
prometheus-node-exporter=prometheus-node-exporter
prometheus-snmp-exporter=prometheus-snmp-exporter
prometheus-blackbox-exporter=prometheus-blackbox-exporter
chromium=chromium
systemd-analyze=systemd
upsd=nut-server
/lib/nut/dummy-ups=nut-server
upsc=nut-client
nsd=nsd
chronyd=chrony
/usr/lib/nagios/plugins/check_tcp=monitoring-plugins-basic
"
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

missing=""
for pair in $SERVERS; do
    if ! command -v "${pair%%=*}" >/dev/null 2>&1; then
        case " $missing " in
            *" ${pair#*=} "*) ;;
            *) missing="${missing:+$missing }${pair#*=}" ;;
        esac
    fi
done
[ -n "$missing" ] || exit 0

refuse() {
    echo "tests/servers.sh: $1" >&2
    echo "  missing packages: $missing" >&2
    echo "  install them with: sudo apt-get update && sudo apt-get install --no-install-recommends $missing" >&2
    exit 1
}

command -v apt-get >/dev/null 2>&1 || refuse "this machine has no apt-get; install these servers by its own means"
if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    refuse "neither root nor sudo without a password"
fi

# Debian's packages start their services on installation; tests start their own instead.
policy=/usr/sbin/policy-rc.d
ours=""
cleanup() {
    [ -z "$ours" ] || $as_root rm -f "$policy"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi

echo "Installing for the integration tests: $missing"
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300"
$apt update </dev/null || echo "tests/servers.sh: apt-get update failed; trying with the lists at hand" >&2
# shellcheck disable=SC2086  # both are lists of words
$apt install --yes --no-install-recommends $missing </dev/null >/dev/null || refuse "apt-get could not install them"
