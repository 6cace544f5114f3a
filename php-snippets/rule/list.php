<?php
/**
 * Filter rules as configured, and what pf has loaded and counted for each.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
require_once 'filter.inc';

return static function (array $in): array {
    $rules = array_values(array_filter((array) config_get_path('filter/rule', []), 'is_array'));
    $configured = [];
    foreach ($rules as $rule) {
        $configured[(string) (int) ($rule['tracker'] ?? 0)] = true;
    }
    $wantsHidden = !empty($in['hidden']);
    $listing = McpBox::run(['/sbin/pfctl', '-vvsr']);
    $loaded = [];
    $hidden = [];
    $tracker = null;
    $isOwn = false;
    $isBefore = true;
    foreach (explode("\n", $listing['stdout']) as $line) {
        if (preg_match('/^@(\d+) (.*)$/', $line, $match)) {
            $text = $match[2];
            $tracker = preg_match('/\bridentifier (\d+)/', $text, $id) || preg_match('/\blabel "id[:=](\d+)"/', $text, $id)
                ? (string) (int) $id[1] : null;
            $isOwn = $tracker !== null && isset($configured[$tracker]);
            $isBefore = $isBefore && !$isOwn;
            preg_match_all('/\blabel "([^"]*)"/', $text, $labels);
            if ($isOwn) {
                // One rule of the GUI expands to several of pf; all carry its tracker.
                $loaded[$tracker] ??= ['rules' => 0, 'labels' => [], 'evaluations' => 0, 'packets' => 0, 'bytes' => 0, 'states' => 0, 'lastActive' => null];
                $loaded[$tracker]['rules']++;
                $loaded[$tracker]['labels'] = array_values(array_unique([...$loaded[$tracker]['labels'], ...$labels[1]]));
            } elseif ($wantsHidden && count($hidden) < 2000) {
                $hidden[] = ['tracker' => $tracker, 'label' => implode(', ', $labels[1]), 'rule' => substr($text, 0, 400),
                    'isBefore' => $isBefore, 'evaluations' => 0, 'packets' => 0, 'bytes' => 0, 'states' => 0];
            }
        } elseif (preg_match('/Evaluations: (\d+)\s+Packets: (\d+)\s+Bytes: (\d+)\s+States: (\d+)/', $line, $match)) {
            foreach (['evaluations', 'packets', 'bytes', 'states'] as $index => $name) {
                if ($isOwn) {
                    $loaded[$tracker][$name] += (int) $match[$index + 1];
                } elseif ($hidden !== []) {
                    $hidden[count($hidden) - 1][$name] = (int) $match[$index + 1];
                }
            }
        } elseif ($isOwn && preg_match('/Last Active Time: (\w{3} \w{3} .*\d{4}) \]/', $line, $match)) {
            // Printed in local time, by versions of FreeBSD that know it; N/A is no time.
            $loaded[$tracker]['lastActive'] = max((int) $loaded[$tracker]['lastActive'], (int) strtotime($match[1])) ?: null;
        }
    }
    $hasPf = $listing['code'] === 0;
    // What pfSense could not turn into a rule of pf stands in its generated file as a comment that quotes the alias.
    $debug = (string) @file_get_contents('/tmp/rules.debug');
    preg_match_all("/^# [^'\\n]*'([A-Za-z0-9_]{1,63})'[^'\\n]*'(.*)'/m", $debug, $skipped, PREG_SET_ORDER);
    $status = McpBox::run(['/sbin/pfctl', '-si'])['stdout'];
    $enabledFor = preg_match('/Enabled for (\d+) days? (\d+):(\d+):(\d+)/', $status, $t)
        ? ((int) $t[1] * 24 + (int) $t[2]) * 3600 + (int) $t[3] * 60 + (int) $t[4] : null;
    $schedules = [];
    foreach (array_filter((array) config_get_path('schedules/schedule', []), 'is_array') as $schedule) {
        $schedules[(string) ($schedule['name'] ?? '')] = function_exists('filter_get_time_based_rule_status')
            ? (bool) filter_get_time_based_rule_status($schedule) : null;
    }
    $forwards = [];
    foreach (array_filter((array) config_get_path('nat/rule', []), 'is_array') as $forward) {
        $forwards[(string) ($forward['associated-rule-id'] ?? '')] = (string) ($forward['descr'] ?? '');
    }
    $aliases = array_map('strval', array_column((array) config_get_path('aliases/alias', []), 'name'));
    if (function_exists('get_reserved_table_names')) {
        $aliases = [...$aliases, ...array_map('strval', array_keys(get_reserved_table_names()))];
    }
    return [
        'rules' => array_map([McpBox::class, 'plain'], $rules),
        'separators' => McpBox::plain((array) config_get_path('filter/separator', [])),
        'interfaces' => (object) array_map(
            static fn (array $settings): string => (string) ($settings['descr'] ?? ''),
            array_filter((array) config_get_path('interfaces', []), 'is_array'),
        ),
        'groups' => array_map('strval', array_column((array) config_get_path('ifgroups/ifgroupentry', []), 'ifname')),
        'schedules' => (object) $schedules,
        'forwards' => (object) $forwards,
        'aliases' => $aliases,
        'skipped' => array_map(
            static fn (array $found): array => ['alias' => $found[1], 'rule' => $found[2]],
            array_slice($skipped, 0, 500),
        ),
        'loaded' => $hasPf ? (object) $loaded : null,
        'hidden' => $hasPf && $wantsHidden ? $hidden : null,
        'rulesLoadedAt' => $debug === '' ? null : (int) filemtime('/tmp/rules.debug'),
        'keepsCounters' => str_contains($debug, "\nset keepcounters"),
        'enabledFor' => $enabledFor,
        'now' => time(),
        'hasPending' => in_array('filter', McpBox::pendingChanges() ?? [], true),
    ];
};
