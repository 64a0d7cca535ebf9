import { type Planned, planned } from "../network/problem.plan";
import { parseZone } from "./zones.plan";

export interface RollOutArgs {
  /** A zone that the forwarder answers for, e.g. the private zone: its answers decide whether a file is kept. */
  zone: string;
}

/** The file that named reads, and where the one before the last change is kept. */
export const NAMED_CONF = "/etc/named.conf";
export const NAMED_CONF_BEFORE = "/etc/named.conf.before";

/**
 * A command that puts a `named.conf`, given on its standard input, into service on a forwarder: it checks the file,
 * installs it, makes named read it, and asks named for a name of the zone. When any step fails, or the connection
 * breaks, the file from before is put back into service, and the command fails. The same file again is only asked for.
 *
 * It runs in the POSIX shell of a user who is root, or may become root by sudo without a password.
 *
 * @returns the command's text; or the reason why the zone cannot be asked for.
 */
export function planRollOut({ zone }: RollOutArgs): Planned<string> {
  const name = parseZone(zone, "zone");
  if (!name.ok) return name;
  return planned(`script='${rollOutScript(name.value).replaceAll("'", `'\\''`)}'
if [ "$(id -u)" -eq 0 ]; then exec sh -c "$script"; fi
exec sudo -n sh -c "$script"
`);
}

/** The script itself, run by root; `zone` is a domain name in lower case. For tests and shellcheck. */
export function rollOutScript(zone: string): string {
  return `#!/bin/sh
set -eu
umask 027
PATH=$PATH:/usr/sbin:/sbin
conf=${NAMED_CONF} before=${NAMED_CONF_BEFORE} zone=${zone}

say() { printf '%s: %s\\n' "$(uname -n)" "$*" >&2; }

new=$(mktemp)
next=
installed=
# shellcheck disable=SC2329 # called by the trap
leave() {
  code=$?
  trap - EXIT
  trap '' HUP INT TERM PIPE
  set +e
  rm -f "$new" "$next"
  if [ -n "$installed" ]; then put_back; fi
  exit "$code"
}
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
# The whole file first: a connection that breaks must not leave half of one in place.
cat >"$new"
# An empty file is one that named accepts, and then answers everybody from the internet.
[ -s "$new" ] || { say "no named.conf came in; nothing was changed. Run the update again."; exit 1; }

# Reads the configuration; starts named where it does not run. rndc tells whether the file was accepted.
reread() {
  if rndc status >/dev/null 2>&1; then rndc reconfig
  elif systemctl --quiet is-active named.service; then systemctl reload named.service
  else systemctl start named.service; fi
}

# A name that nobody has asked for before, so that no cache answers; that it does not exist says the zone's SOA record
# in the authority section, which only whoever knows the zone can give (RFC 2308, section 3).
answers() {
  for attempt in 1 2 3 4 5 6; do
    [ "$attempt" -eq 1 ] || sleep 1
    label=check-$$-$(date +%s)-$attempt
    reply=$(dig @127.0.0.1 +time=3 +tries=1 +noall +comments +answer +authority "$label.$zone" TXT) || continue
    case $reply in *"status: NXDOMAIN"* | *"status: NOERROR"*) ;; *) continue ;; esac
    if printf '%s\\n' "$reply" | grep -Eiq "^($label\\.)?$zone\\.[[:space:]].*[[:space:]](SOA|TXT|CNAME)[[:space:]]"; then
      return 0
    fi
  done
  printf '%s\\n' "$reply" | grep -Eo 'status: [A-Z]+|no servers could be reached|connection refused' | head -n 1 >&2
  return 1
}

put_file() {
  next=$(mktemp "$conf.XXXXXX") && cat "$1" >"$next" && chown root:named "$next" && chmod 0640 "$next" &&
    # In one step: named, or a reboot, finds the one file or the other.
    mv -f "$next" "$conf" || return 1
  # Its SELinux type goes by its name.
  if command -v restorecon >/dev/null; then restorecon -F "$conf"; fi
}

# shellcheck disable=SC2329 # called by leave
put_back() {
  if [ ! -e "$before" ]; then
    say "there was no named.conf before, so the new one stays. Look at it, and run the update again."
  elif put_file "$before" && { reread || systemctl restart named.service; } && answers; then
    say "the named.conf from before is back, and named answers with it. Correct the change, and run the update again."
  else
    say "the named.conf from before is back, but named does not answer for $zone. Look at: journalctl -u named"
  fi
}

# At the first boot, cloud-init installs BIND; what it does not finish, the query below finds out.
if [ -d /run/cloud-init ] && [ ! -e /run/cloud-init/result.json ]; then
  timeout 600 cloud-init status --wait >/dev/null || say "the first boot has not ended well; going on"
fi

command -v named-checkconf >/dev/null || {
  say "BIND is not installed; nothing was changed. Look at: /var/log/cloud-init-output.log"
  exit 1
}

checked=$(named-checkconf "$new" 2>&1) || {
  say "named-checkconf refuses the new named.conf; nothing was changed:"
  printf '%s\\n' "$checked" | sed "s|$new|named.conf|" >&2
  exit 1
}

if [ -e "$conf" ] && cmp -s "$new" "$conf"; then
  if answers || { reread && answers; }; then exit 0; fi
  say "named.conf is as it should be, but named does not answer for $zone. Look at: journalctl -u named"
  exit 1
fi

rm -f "$before"
if [ -e "$conf" ]; then cp -p "$conf" "$before"; fi
installed=yes
put_file "$new"
reread || { say "named does not accept the new named.conf."; exit 1; }
answers || { say "named does not answer for $zone with the new named.conf."; exit 1; }
installed=
say "the new named.conf is in service."
`;
}
