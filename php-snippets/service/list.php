<?php
/**
 * Services that are enabled, and whether each runs.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
require_once 'service-utils.inc';

return static function (array $in): array {
    $services = [];
    foreach ((array) get_services() as $service) {
        $name = (string) ($service['name'] ?? '');
        if ($name === '') {
            continue;
        }
        $services[] = [
            'name' => $name,
            'description' => (string) ($service['description'] ?? ''),
            'running' => (bool) get_service_status($service),
            'id' => (string) ($service['vpnid'] ?? $service['id'] ?? $service['zone'] ?? '') ?: null,
            'mode' => ($service['mode'] ?? '') ?: null,
        ];
    }
    return ['services' => $services];
};
