<?php
/**
 * Ends states of pf, and looks whether those that were there are gone.
 *
 * @effect dangerous
 * @class  config
 * @since  2.7.0
 */
return static function (array $in): array {
    [$from, $to] = [$in['from'], $in['to']];
    $isAll = $from === null && $to === null;
    // The numbers of states, as many new ones may have come meanwhile.
    $list = static function () use ($from, $to, $isAll): array {
        [$count, $ids, $isOurs] = [0, [], false];
        foreach (McpBox::lines(['/sbin/pfctl', '-vvss'], $isWhole, 60) as $line) {
            if ($line !== '' && $line[0] !== ' ' && $line[0] !== "\t") {
                $isOurs = $isAll || McpStates::fits($line, $from, $to);
                $count += $isOurs ? 1 : 0;
            } elseif ($isOurs && count($ids) < 20000 && preg_match('/^\s+id: (\S+) creatorid: (\S+)/', $line, $match)) {
                $ids["{$match[1]} {$match[2]}"] = true;
            }
        }
        if (!$isWhole) {
            McpBox::fail('box_not_ready', 'pf did not list its states.');
        }
        return [$count, $ids];
    };
    [$before, $old] = $list();
    $text = static fn (array $network): string => "{$network['address']}/{$network['bits']}";
    $any = str_contains(($from ?? $to)['address'] ?? '', ':') ? '::/0' : '0.0.0.0/0';
    $orders = match (true) {
        $isAll => [['-F', 'states']],
        $from !== null && $to !== null => [['-k', $text($from), '-k', $text($to)]],
        default => [['-k', $text($from ?? $to)], ['-k', $any, '-k', $text($from ?? $to)]],
    };
    foreach ($orders as $order) {
        McpBox::run(['/sbin/pfctl', ...$order], '', 60);
    }
    [$after, $new] = $list();
    $survivors = count(array_intersect_key($old, $new));
    return [
        'before' => $before,
        'after' => $after,
        'survivors' => $old === [] ? null : $survivors,
        'isInEffect' => $old === [] ? $after < $before || $before === 0 : $survivors === 0,
    ];
};
