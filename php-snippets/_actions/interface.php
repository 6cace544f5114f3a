<?php
/**
 * Takes an interface down and configures it anew, and looks whether it is up with its addresses again.
 *
 * @effect service
 * @class  config
 * @since  2.7.0
 */
require_once 'service-utils.inc';
require_once 'interfaces.inc';
require_once 'gwlb.inc';

return static function (array $in): array {
    $device = (string) get_real_interface($in['interface']);
    $look = static function () use ($device): array {
        $seen = ['isUp' => false, 'addresses' => []];
        $isHere = false;
        foreach (explode("\n", McpBox::run(['/sbin/ifconfig'], '', 10)['stdout']) as $line) {
            if (preg_match('/^(\S+): flags=[0-9a-f]+<([^>]*)>/', $line, $match)) {
                $isHere = $match[1] === $device;
                $seen['isUp'] = $isHere ? in_array('UP', explode(',', $match[2]), true) : $seen['isUp'];
            } elseif ($isHere && preg_match('/^\s+inet6? ([0-9a-f.:]+)/', $line, $match)) {
                $seen['addresses'][] = $match[1];
            }
        }
        return $seen;
    };
    $before = $look();
    interface_reconfigure($in['interface'], true);
    $settings = (array) config_get_path("interfaces/{$in['interface']}", []);
    if (($settings['ipaddrv6'] ?? '') === 'track6') {
        interface_track6_configure($in['interface'], $settings, true);
    }
    if (function_exists('restart_interface_services')) {
        restart_interface_services($in['interface'], (string) ($settings['ipaddrv6'] ?? ''));
    }
    setup_gateways_monitor();
    filter_configure();
    $isInEffect = static function () use ($look, $before): bool {
        $now = $look();
        return $now['isUp'] && count($now['addresses']) >= count($before['addresses']);
    };
    // A lease, or a dialled line, takes a while.
    McpBox::until($isInEffect, 40, 0.5);
    return ['device' => $device, 'before' => $before, 'after' => $look(), 'isInEffect' => $isInEffect()];
};
