<?php
/**
 * Makes the DNS resolver or forwarder forget answers: all, those of one name, or those of a whole domain.
 *
 * @effect service
 * @class  interface
 * @since  2.7.0
 */
return static function (array $in): array {
    if (config_path_enabled('unbound')) {
        $ask = static fn (string ...$words): array => McpBox::run(['/usr/local/sbin/unbound-control', '-c', '/var/unbound/unbound.conf', ...$words], '', 6);
        if (!str_contains($ask('status')['stdout'], 'is running')) {
            McpBox::fail('box_not_ready', 'The resolver does not run, or does not answer at its control port.');
        }
        $said = $in['name'] === null ? $ask('flush_zone', '.') : $ask($in['isDomain'] ? 'flush_zone' : 'flush', $in['name']);
        if ($in['name'] === null) {
            // Servers that were found slow or broken are forgotten as well.
            $ask('flush_infra', 'all');
        }
        if ($said['code'] !== 0 || !str_starts_with($said['stdout'], 'ok')) {
            McpBox::fail('no_effect', 'The resolver did not take the order to forget.');
        }
        preg_match('/removed (\d+) rrsets, (\d+) messages/', $said['stdout'], $counts);
        $left = 0;
        $name = $in['name'] === null ? null : strtolower(rtrim($in['name'], '.')) . '.';
        foreach (McpBox::lines(['/usr/local/sbin/unbound-control', '-c', '/var/unbound/unbound.conf', 'dump_cache'], $isWhole, min(5, McpBox::secondsLeft() - 1)) as $line) {
            $owner = preg_match('/^(\S+)\s+\d+\s+IN\s/', $line, $match) ? strtolower($match[1]) : null;
            $left += $owner !== null && ($name === null || $owner === $name || ($in['isDomain'] && str_ends_with($owner, ".$name"))) ? 1 : 0;
        }
        return [
            'service' => 'resolver',
            'removed' => $counts === [] ? null : (int) $counts[1] + (int) $counts[2],
            'left' => $isWhole ? $left : null,
        ];
    }
    if (!config_path_enabled('dnsmasq')) {
        McpBox::fail('unsupported', 'Neither the DNS resolver nor the DNS forwarder is enabled.');
    }
    if ($in['name'] !== null) {
        McpBox::fail('unsupported', 'The DNS forwarder can only forget everything, not one name.');
    }
    $pid = (int) @file_get_contents('/var/run/dnsmasq.pid');
    $isOurs = static fn (): bool => $pid > 1 && str_contains(McpBox::run(['/bin/ps', '-o', 'args=', '-p', (string) $pid], '', 3)['stdout'], 'dnsmasq');
    if (!$isOurs() || McpBox::run(['/bin/kill', '-HUP', (string) $pid], '', 3)['code'] !== 0) {
        McpBox::fail('box_not_ready', 'The DNS forwarder does not run.');
    }
    usleep(300000);
    if (!$isOurs()) {
        McpBox::fail('no_effect', 'The DNS forwarder ended when it was told to forget.');
    }
    return ['service' => 'forwarder', 'removed' => null, 'left' => null];
};
