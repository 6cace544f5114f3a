<?php
/**
 * Filter rules in the order of evaluation, with what pf has counted for each.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $listing = McpBox::run(['/sbin/pfctl', '-vvsr']);
    $counters = [];
    $tracker = null;
    foreach (explode("\n", $listing['stdout']) as $line) {
        if (str_starts_with($line, '@')) {
            // One rule of the GUI expands to several of pf; all carry its tracker.
            $tracker = preg_match('/\bridentifier (\d+)/', $line, $match) || preg_match('/\blabel "id[:=](\d+)"/', $line, $match)
                ? $match[1] : null;
        } elseif ($tracker !== null && preg_match('/Evaluations: (\d+)\s+Packets: (\d+)\s+Bytes: (\d+)\s+States: (\d+)/', $line, $match)) {
            foreach (['evaluations', 'packets', 'bytes', 'states'] as $index => $name) {
                $counters[$tracker][$name] = ($counters[$tracker][$name] ?? 0) + (int) $match[$index + 1];
            }
        }
    }
    return [
        'rules' => array_values((array) config_get_path('filter/rule', [])),
        'interfaces' => array_map(
            static fn (array $settings): string => (string) ($settings['descr'] ?? ''),
            array_filter((array) config_get_path('interfaces', []), 'is_array'),
        ),
        'groups' => array_column((array) config_get_path('ifgroups/ifgroupentry', []), 'ifname'),
        'schedules' => array_values(array_map('strval', array_column((array) config_get_path('schedules/schedule', []), 'name'))),
        'counters' => $listing['code'] === 0 ? (object) $counters : null,
    ];
};
