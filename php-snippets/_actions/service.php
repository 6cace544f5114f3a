<?php
/**
 * Starts, stops or restarts a service, and looks whether its process did what was asked.
 *
 * @effect service
 * @class  config
 * @since  2.7.0
 */
require_once 'service-utils.inc';

return static function (array $in): array {
    $fits = static fn (array $service): bool => ($service['name'] ?? '') === $in['service']
        && ($in['id'] === null || (string) ($service['vpnid'] ?? $service['id'] ?? $service['zone'] ?? '') === $in['id'])
        && ($in['mode'] === null || ($service['mode'] ?? '') === $in['mode']);
    $service = array_values(array_filter((array) get_services(), $fits))[0] ?? null;
    if ($service === null) {
        McpBox::fail('not_found', 'There is no such service on this firewall.');
    }
    [$name, $id, $mode] = [(string) $service['name'], (string) ($in['id'] ?? ''), (string) ($in['mode'] ?? '')];
    $extras = ['id' => $id, 'vpnid' => $id, 'zone' => $id, 'mode' => $mode, 'vpnmode' => $mode];
    $programs = ['bsnmpd' => 'bsnmpd', 'ipsec' => 'charon', 'captiveportal' => 'nginx'];
    $program = substr(basename((string) (($service['executable'] ?? '') ?: ($programs[$name] ?? $name))), 0, 15);
    $pidFiles = ['openvpn' => "/var/run/openvpn_$mode$id.pid", 'captiveportal' => "/var/run/nginx-$id-CaptivePortal.pid"];

    // Processes that live, by number and start, as numbers are given out again; null where nobody can list them.
    $processes = static function () use ($program, $name, $pidFiles): ?array {
        $list = McpBox::run(['/bin/ps', '-axww', '-o', 'pid=', '-o', 'state=', '-o', 'lstart=', '-o', 'ucomm='], '', 10);
        if ($list['code'] !== 0) {
            return null;
        }
        $only = isset($pidFiles[$name]) ? (int) @file_get_contents($pidFiles[$name]) : null;
        $found = [];
        foreach (explode("\n", $list['stdout']) as $line) {
            if (preg_match('/^\s*(\d+)\s+[^Z\s]\S*\s+(\S.{23})\s+(\S.*)$/', rtrim($line), $row) && ($only === null ? substr($row[3], 0, 15) === $program : (int) $row[1] === $only)) {
                $found["{$row[1]} {$row[2]}"] = (int) $row[1];
            }
        }
        return $found;
    };
    $isRunning = static fn (): ?bool => get_service_status($service) ? true : false;
    $answers = static function () use ($name, $id, $mode): ?bool {
        if ($name === 'unbound') {
            return str_contains(McpBox::run(['/usr/local/sbin/unbound-control', '-c', '/var/unbound/unbound.conf', 'status'], '', 10)['stdout'], 'is running');
        }
        if ($name === 'openvpn') {
            $socket = @stream_socket_client("unix:///var/etc/openvpn/$mode$id/sock", $code, $message, 2);
            return $socket !== false;
        }
        return null;
    };
    $before = $processes();
    $wasRunning = $isRunning();
    $isDone = static function () use ($in, $before, $processes, $isRunning, $answers): bool {
        $now = $processes();
        if ($in['action'] === 'stop') {
            return !$isRunning() && ($now === null || $now === []);
        }
        $isNew = $in['action'] === 'start' || $before === null || $now === null || array_intersect_key($before, $now) === [];
        return $isRunning() && $now !== [] && $isNew && $answers() !== false;
    };
    if ($in['action'] === 'start') {
        service_control_start($name, $extras);
    } elseif ($in['action'] === 'stop') {
        service_control_stop($name, $extras);
    } else {
        service_control_restart($name, $extras);
    }
    $isInEffect = McpBox::until($isDone, $in['action'] === 'restart' ? 5 : 20, 0.25);
    if (!$isInEffect && $in['action'] === 'restart' && $name !== 'ipsec') {
        // Some of pfSense's own restarts leave the process as it was, as that of Kea does on 2.7.2.
        service_control_stop($name, $extras);
        usleep(500000);
        service_control_start($name, $extras);
        $isInEffect = McpBox::until($isDone, 20, 0.25);
    }
    if ($isInEffect && $in['action'] !== 'stop') {
        // A daemon that dislikes its settings ends a moment after it began.
        usleep(1500000);
        $isInEffect = $isDone();
    }
    $after = $processes();
    return [
        'wasRunning' => $wasRunning,
        'isRunning' => $isRunning(),
        'before' => $before === null ? null : array_values($before),
        'after' => $after === null ? null : array_values($after),
        'answers' => $in['action'] === 'stop' ? null : $answers(),
        'isInEffect' => $isInEffect,
    ];
};
