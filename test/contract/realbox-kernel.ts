import type { FirewallSettings } from '../../src/core/settings.ts';
import { ask, askOnce, open, session } from './driver.ts';
import { IS_LAB } from './target.ts';

/** `route` with a table behind it, in the file that the box's `netstat` shows. */
const ROUTE = String.raw`#!/usr/bin/perl
use strict;
my $file = '/var/db/realbox/routes';
my ($verb, @rest) = grep { !/^-(n[46]?|q|net|host|inet|inet6|blackhole)$/ } @ARGV;
my $isSix = grep { /^-(n6|inet6)$/ } @ARGV;
my $isBlackhole = grep { $_ eq '-blackhole' } @ARGV;
open my $in, '<', $file; my @rows = map { chomp; [split /\|/] } <$in>; close $in;
sub number { my @p = split /\./, $_[0]; return @p == 4 ? ($p[0] << 24) + ($p[1] << 16) + ($p[2] << 8) + $p[3] : undef }
sub spell { my ($a, $l) = split '/', $_[0]; return !defined $l || $l == 32 ? $a : "$a/$l" }
sub covering {
    # Whoever logs in from this machine counts as coming from the Internet.
    my ($target) = split '/', $_[0]; $target = '192.0.2.1' if $target =~ /^127/; my $n = number($target); my ($best, $length);
    for my $row (@rows) {
        my ($net, $l) = $row->[0] eq 'default' ? ('0.0.0.0', 0) : split '/', $row->[0]; $l = 32 unless defined $l;
        next if !defined $n || (number($net) >> (32 - $l)) != ($n >> (32 - $l));
        ($best, $length) = ($row, $l) if !defined $length || $l > $length;
    }
    return $best;
}
my $target = spell($rest[0]);
my ($exact) = grep { $_->[0] eq $target } @rows;
if ($verb eq 'get') {
    my $row = $isSix ? undef : $exact && $target !~ /^127/ ? $exact : covering($target);
    if (!$row) { print STDERR "route: route has not been found\n"; exit 1 }
    printf "   route to: %s\ndestination: %s\n", $target, $row->[0];
    printf "    gateway: %s\n", $row->[1] unless $row->[1] =~ /^link#/;
    printf "        fib: 0\n  interface: %s\n      flags: <UP,GATEWAY,DONE,STATIC>\n", $row->[5];
    exit 0;
}
exit 0 if $isSix;
@rows = grep { $_->[0] ne $target || $_->[1] =~ /^link#/ } @rows;
if ($verb eq 'add') {
    my ($gateway, $device) = $rest[1] eq '-iface' ? ('link#1', $rest[2]) : ($rest[1], (covering($rest[1]) || [])->[5] || 'vtnet0');
    push @rows, [$target, $gateway, ($target eq 'default' || $target =~ m{/} ? 'UGS' : 'UGHS') . ($isBlackhole ? 'B' : ''), 9, 1500, $device];
}
open my $out, '>', "$file.$$"; print $out join('|', @$_), "\n" for @rows; close $out; rename "$file.$$", $file;
`;

/** `ifconfig DEVICE delete` takes the first address off, as FreeBSD does. */
const IFCONFIG = `#!/bin/bash
F=/var/db/realbox/if/$1
if [ $# = 2 ] && [ "$2" = delete ] && [ -f "$F" ]; then sed -i '0,/^inet=/{/^inet=/d}' "$F"; exit 0; fi
exec /var/db/realbox/plain/ifconfig "$@"
`;

const ROUTES = [
  'default|198.51.100.1|UGS|6|1500|vtnet0',
  '127.0.0.1|link#5|UH|2|16384|lo0',
  '192.168.1.0/24|link#2|U|3|1500|vtnet1',
  '192.168.1.1|link#5|UHS|4|16384|lo0',
  '198.51.100.0/24|link#1|U|1|1500|vtnet0',
  '198.51.100.2|link#5|UHS|5|16384|lo0',
  '',
].join('\n');

const RULE = {
  ...{ id: '', tracker: '1700009999', type: 'pass', interface: 'wan', ipprotocol: 'inet', protocol: 'tcp' },
  ...{ source: { any: '' }, destination: { any: '' }, descr: 'for a test' },
};

/**
 * Gives pfSense's own code on a machine that is no FreeBSD a routing table that changes, and takes it away again.
 * Elsewhere nothing is done.
 */
export async function withRoutingTable(login: FirewallSettings | undefined): Promise<() => Promise<void>> {
  if (!login) throw new Error('The target has no such user.');
  const run = async (php: string, input: unknown = {}): Promise<void> => {
    const connection = await open(login);
    const shell = await session(connection);
    await ask(shell, `if (is_dir("/var/db/realbox")) { ${php} } return ["done" => true];`, input);
    await shell.close();
    await connection.close();
  };
  await run(
    // Sessions come from the machine itself, so that the rules have to let them in as if from the Internet.
    `global $config; unset($config["interfaces"]["wan"]["blockpriv"], $config["interfaces"]["wan"]["blockbogons"]);
     $rules = array_filter((array) ($config["filter"]["rule"] ?? []), static fn (mixed $rule): bool => ($rule["tracker"] ?? "") !== "1700009999");
     $config["filter"]["rule"] = [$in["rule"], ...array_values($rules)];
     write_config("for a test");
     @mkdir("/var/db/realbox/override"); file_put_contents("/var/db/realbox/routes", $in["routes"]);
     file_put_contents("/var/db/realbox/override/route", $in["route"]); chmod("/var/db/realbox/override/route", 0755);
     @mkdir("/var/db/realbox/plain");
     file_put_contents("/var/db/realbox/plain/ifconfig", preg_replace("/^.*override.*$/m", "", file_get_contents("/sbin/ifconfig")));
     file_put_contents("/var/db/realbox/override/ifconfig", $in["ifconfig"]);
     foreach (["plain", "override"] as $folder) { chmod("/var/db/realbox/$folder/ifconfig", 0755); }`,
    { route: ROUTE, routes: ROUTES, ifconfig: IFCONFIG, rule: RULE },
  );
  return () =>
    run('foreach (["override/route", "override/ifconfig", "routes"] as $file) { @unlink("/var/db/realbox/$file"); }');
}

const FORWARDER = '/var/db/realbox/override/dnsmasq';

/** On a bench whose forwarder leaves no pid file, as dnsmasq does: one that does. Gives back what takes it away again. */
export async function withForwarder(login: FirewallSettings | undefined): Promise<() => Promise<void>> {
  if (IS_LAB) return async () => undefined;
  await askOnce(
    login,
    `@mkdir(dirname($in["file"])); file_put_contents($in["file"], $in["program"]); return [chmod($in["file"], 0755)];`,
    {
      file: FORWARDER,
      program: '#!/bin/sh\nsetsid sleep 3600 </dev/null >/dev/null 2>&1 &\necho $! > /var/run/dnsmasq.pid\n',
    },
  );
  return async () => void (await askOnce(login, 'return [unlink($in["file"])];', { file: FORWARDER }));
}
