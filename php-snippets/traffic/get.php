<?php
/**
 * Traffic: totals of the interfaces, recorded series, or the hosts that use most over a few seconds.
 *
 * @effect read
 * @class  config
 * @since  2.7.0
 */
require_once 'interfaces.inc';

return static function (array $in): array {
    $kind = (string) ($in['kind'] ?? 'totals');
    $interfaces = [];
    foreach (array_filter((array) config_get_path('interfaces', []), 'is_array') as $id => $settings) {
        $interfaces[$id] = ['id' => (string) $id, 'name' => (string) (($settings['descr'] ?? '') ?: strtoupper((string) $id)), 'device' => (string) ($settings['if'] ?? '')];
    }
    $answer = ['interfaces' => array_values($interfaces), 'totals' => null, 'vnstat' => null, 'series' => null, 'states' => null];
    if ($kind === 'totals') {
        foreach ($interfaces as $id => $interface) {
            $info = (array) get_interface_info($id);
            $answer['totals'][] = [
                'id' => (string) $id,
                'inBytes' => isset($info['inbytes']) && is_numeric($info['inbytes']) ? (int) $info['inbytes'] : null,
                'outBytes' => isset($info['outbytes']) && is_numeric($info['outbytes']) ? (int) $info['outbytes'] : null,
            ];
        }
        if (is_executable('/usr/local/bin/vnstat')) {
            $stat = McpBox::run(['/usr/local/bin/vnstat', '--json'], '', 6);
            $answer['vnstat'] = $stat['code'] === 0 ? (string) $stat['stdout'] : '';
        }
    }
    if ($kind === 'series') {
        $file = (string) ($in['file'] ?? '');
        if (!preg_match('/^[A-Za-z0-9_.-]{1,100}\.rrd$/', $file) || str_starts_with($file, '-')) {
            McpBox::fail('bad_input', 'A series is named by an interface, a gateway or a word of the tool.');
        }
        $program = is_executable('/usr/local/bin/rrdtool') ? '/usr/local/bin/rrdtool' : '/usr/bin/rrdtool';
        $step = max(60, (int) ($in['step'] ?? 60));
        $span = max($step, min(400 * $step, (int) ($in['span'] ?? 3600)));
        $names = array_map('basename', glob('/var/db/rrd/*.rrd') ?: []);
        $answer['series'] = ['files' => array_slice($names, 0, 200), 'text' => null];
        if (in_array($file, $names, true)) {
            $end = intdiv(time(), $step) * $step;
            $fetch = McpBox::run([$program, 'fetch', "/var/db/rrd/$file", 'AVERAGE', '-r', $step, '-s', $end - $span, '-e', $end], '', 8);
            $answer['series']['text'] = $fetch['code'] === 0 ? $fetch['stdout'] : '';
        }
    }
    if ($kind === 'talkers') {
        $info = McpBox::run(['/sbin/pfctl', '-si'], '', 4);
        $count = preg_match('/current entries\s+(\d+)/', $info['stdout'], $match) ? (int) $match[1] : null;
        $answer['states'] = ['count' => $count, 'seconds' => 0.0, 'rows' => null];
        // Each sample lists every state; of a very large table that would be load that a busy firewall does not need.
        if ($count !== null && $count <= 20000) {
            $sample = static function (): ?array {
                $rows = [];
                $head = null;
                foreach (McpBox::lines(['/sbin/pfctl', '-vvss'], $succeeded, 6) as $line) {
                    if (preg_match('/^(\S+) (\S+) (\S+)(?: \(\S+\))? (<-|->) (\S+)/', $line, $match)) {
                        $head = $match;
                        $bytes = null;
                    } elseif ($head !== null && preg_match('/ (\d+):(\d+) bytes/', $line, $match)) {
                        $bytes = [(int) $match[1], (int) $match[2]];
                    } elseif ($head !== null && $bytes !== null && preg_match('/ id: (\S+) creatorid: (\S+)/', $line, $match)) {
                        // A connection through the firewall has a state where it comes in and one where it goes out.
                        if ($head[4] === '<-') {
                            $rows["$match[1]/$match[2]"] = ['interface' => $head[1], 'protocol' => $head[2], 'from' => $head[5], 'to' => $head[3], 'bytes' => $bytes];
                        }
                        $head = null;
                    }
                }
                return $succeeded ? $rows : null;
            };
            $started = hrtime(true);
            $first = $sample();
            usleep((int) (1000000 * max(1, min(5, (float) ($in['seconds'] ?? 3)))));
            $second = $first === null ? null : $sample();
            if ($first !== null && $second !== null) {
                $rows = [];
                foreach ($second as $id => $row) {
                    $sent = $row['bytes'][0] - ($first[$id]['bytes'][0] ?? 0);
                    $received = $row['bytes'][1] - ($first[$id]['bytes'][1] ?? 0);
                    if ($sent + $received > 0) {
                        $rows[] = ['interface' => $row['interface'], 'protocol' => $row['protocol'], 'from' => $row['from'], 'to' => $row['to'], 'sentBytes' => max(0, $sent), 'receivedBytes' => max(0, $received)];
                    }
                }
                usort($rows, static fn (array $a, array $b): int => $b['sentBytes'] + $b['receivedBytes'] <=> $a['sentBytes'] + $a['receivedBytes']);
                $answer['states']['seconds'] = (hrtime(true) - $started) / 1e9;
                $answer['states']['rows'] = array_slice($rows, 0, 2000);
            }
        }
    }
    return $answer;
};
