<?php
/**
 * What became of the changes that were tried out: asked after every step, and after a cut connection.
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 * @config unused
 */
return static function (array $in): array {
    clearstatcache();
    $changes = [];
    $now = hash_file('sha256', '/cf/conf/config.xml') ?: null;
    // Read when it is needed, and not at all when it is damaged.
    $tree = static function (): ?array {
        static $tree = null;
        $tree ??= function_exists('parse_xml_config') && function_exists('g_get') ? @parse_xml_config('/cf/conf/config.xml', [g_get('xml_rootobj'), 'pfsense']) : -1;
        return is_array($tree) ? $tree : null;
    };
    $overwriting = static function (string $folder, ?array $ours) use ($now, $tree): ?array {
        if ($ours === null || $ours['sha256'] === $now || $tree() === null || ($found = McpTrace::overwriting($folder, $tree())) === null) {
            return null;
        }
        $note = (array) ($tree()['revision'] ?? []);
        return $found + ['by' => (string) ($note['username'] ?? ''), 'note' => (string) ($note['description'] ?? ''), 'at' => (int) ($note['time'] ?? 0)];
    };
    foreach (glob('/cf/conf/pfsense-mcp/*/order.json') ?: [] as $file) {
        $folder = dirname($file);
        $read = static fn (string $name): ?array => McpChange::facts($folder, $name);
        $order = $read('order.json');
        if ($order === null || ($in['id'] ?? $order['id']) !== $order['id']) {
            continue;
        }
        $state = McpChange::state($folder);
        $isDurable = $order['tier'] === 'durable';
        [$loaded, $written, $applied] = [$read('loaded'), $read('written'), $read('applied')];
        [$outcome, $trouble] = [$read('outcome.json'), $read('trouble')];
        $isBegun = is_file($folder . ($isDurable ? '/writing' : '/loading'));
        $isLoaded = $isDurable ? ($applied === null ? null : !isset($applied['failure'])) : ($loaded === null ? null : (bool) $loaded['isLoaded']);
        $isStill = $isDurable
            ? ($written === null ? null : $now === $written['sha256'])
            : ($loaded === null ? null : hash_file('sha256', '/tmp/rules.debug') === $loaded['rules']);
        $beatAt = @filemtime("$folder/heartbeat");
        $changes[] = [
            'id' => (string) $order['id'],
            'tier' => $order['tier'],
            'state' => $state ?? 'unknown',
            'wasLoaded' => $isLoaded ?? ($isBegun ? null : false),
            'isStillLoaded' => $isStill,
            'failure' => $applied['failure'] ?? null,
            'steps' => $applied['steps'] ?? [],
            'undone' => $read('undone')['steps'] ?? [],
            'written' => $written['sha256'] ?? null,
            'overwritten' => $overwriting($folder, is_file("$folder/reverted") ? $read('unwritten') : $written),
            'conflicts' => array_slice($read('conflicts') ?? [], 0, 20),
            'secondsLeft' => (int) (explode(' ', (string) @file_get_contents("$folder/heartbeat"))[1] ?? 0),
            'trouble' => $trouble === null ? null : ['tries' => (int) $trouble['tries'], 'said' => (string) $trouble['said']],
            'beatAge' => $beatAt === false ? null : time() - $beatAt,
            'endedBy' => $outcome === null ? null : (string) $outcome['by'],
            'at' => (int) $order['at'],
        ];
    }
    return ['changes' => $changes, 'config' => $now, 'now' => time()];
};
