/**
 * Stands in for dnf in hosts: there is no package repository, but the machine's own programs are there. It "installs"
 * the packages that it knows, by making what Amazon Linux's package makes beside its programs, and fails at every other
 * package or command.
 */
export const DNF = `#!/bin/sh
set -eu
fail() { echo "dnf (the packet lab's stand-in): $*" >&2; exit 1; }

named_unit() {
  cat <<'UNIT'
[Unit]
Description=Berkeley Internet Name Domain (DNS)
Wants=nss-lookup.target
Before=nss-lookup.target
After=network.target

[Service]
Type=forking
Environment=NAMEDCONF=/etc/named.conf
EnvironmentFile=-/etc/sysconfig/named
PIDFile=/run/named/named.pid
ExecStartPre=/bin/sh -c '/usr/bin/named-checkconf -z "$NAMEDCONF"'
ExecStart=/usr/sbin/named -u named -c \${NAMEDCONF} $OPTIONS
ExecReload=/bin/sh -c 'if /usr/sbin/rndc null >/dev/null 2>&1; then /usr/sbin/rndc reload; else /bin/kill -HUP $MAINPID; fi'
ExecStop=/bin/sh -c '/usr/sbin/rndc stop >/dev/null 2>&1 || /bin/kill -TERM $MAINPID'
PrivateTmp=true

[Install]
WantedBy=multi-user.target
UNIT
}

install_bind() {
  [ -x /usr/sbin/named ] || fail "the machine has no /usr/sbin/named: install Debian's package bind9 on it"
  getent group named >/dev/null || groupadd --system --gid 925 named
  getent passwd named >/dev/null ||
    useradd --system --uid 925 --gid named --home-dir /var/named --shell /usr/sbin/nologin --comment Named named
  install -d -o root -g named -m 1770 /var/named
  for folder in data dynamic slaves; do install -d -o named -g named -m 0770 "/var/named/$folder"; done
  install -d -o root -g root -m 0755 /etc/bind
  [ -e /etc/bind/rndc.key ] || rndc-confgen -a -c /etc/bind/rndc.key >/dev/null 2>&1
  chown root:named /etc/bind/rndc.key && chmod 0640 /etc/bind/rndc.key
  echo 'd /run/named 0755 named named -' >/usr/lib/tmpfiles.d/named.conf
  systemd-tmpfiles --create /usr/lib/tmpfiles.d/named.conf
  rm -f /lib/systemd/system/named.service
  named_unit >/usr/lib/systemd/system/named.service
}

install_bind_utils() {
  [ -x /usr/bin/dig ] || fail "the machine has no /usr/bin/dig: install Debian's package bind9-dnsutils on it"
}

command=
packages=
for argument in "$@"; do
  case $argument in
    -y | -q) ;;
    -*) fail "it does not know the option $argument" ;;
    *) if [ -z "$command" ]; then command=$argument; else packages="$packages $argument"; fi ;;
  esac
done
case $command in
  makecache) ;;
  install)
    for package in $packages; do
      case $package in
        bind) install_bind ;;
        bind-utils) install_bind_utils ;;
        *) fail "it does not know the package $package; it knows bind and bind-utils" ;;
      esac
      echo "installed: $package"
    done
    ;;
  *) fail "it does not know the command '$command'; it knows install and makecache" ;;
esac
`;
