<?php
/**
 * Whether both nodes of a pair have the same in those sections that a change touched and pfSense synchronises.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $marks = McpChange::facts("/cf/conf/pfsense-mcp/{$in['id']}", 'trace') ?? [];
    $touched = array_unique(array_map(static fn (array $mark): string => (string) $mark['path'][0], $marks));
    $isOn = static fn (string $setting): bool => (string) config_get_path("hasync/$setting", '') !== '';
    $sections = array_values(array_filter($touched, static fn (string $name): bool => array_filter($in['sentBy'][$name] ?? [], $isOn) !== []));
    if (McpPeer::address() === '' || $sections === []) {
        return ['isReached' => null, 'different' => []];
    }
    $there = McpPeer::ask('backup_config_section', $sections);
    if (!is_array($there)) {
        return ['isReached' => false, 'different' => []];
    }
    $isOwnVip = static fn (array $item): bool => in_array($item['mode'] ?? '', ['ipalias', 'proxyarp'], true) && !preg_match('/_vip|lo0/', (string) ($item['interface'] ?? ''));
    // Without what each node keeps for itself, and what pfSense changes on the way.
    $shared = static function (mixed $part) use (&$shared, $isOwnVip): mixed {
        if (!is_array($part)) {
            return $part;
        }
        $kept = [];
        foreach ($part as $name => $child) {
            $isOwn = is_array($child) && (isset($child['nosync']) || $isOwnVip($child));
            if (!$isOwn && !in_array($name, ['advskew', 'failover_peerip', 'ha'], true)) {
                $kept[$name] = $shared($child);
            }
        }
        return array_is_list($part) ? array_values($kept) : $kept;
    };
    $isDifferent = static fn (string $name): bool => !McpMerge::isSame($shared(config_get_path($name, '')), $shared($there[$name] ?? ''));
    return ['isReached' => true, 'different' => array_values(array_filter($sections, $isDifferent))];
};
