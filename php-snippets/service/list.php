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
        // A package may bring PHP of its own that looks; where that fails, only this one service is unknown.
        $isRunning = null;
        try {
            $isRunning = McpBox::secondsLeft() > 0.5 ? (bool) get_service_status($service) : null;
        } catch (McpOverdue $overdue) {
            throw $overdue;
        } catch (Throwable) {
            $isRunning = null;
        }
        $services[] = [
            'name' => $name,
            'description' => (string) ($service['description'] ?? ''),
            'running' => $isRunning,
            'id' => (string) ($service['vpnid'] ?? $service['id'] ?? $service['zone'] ?? '') ?: null,
            'mode' => ($service['mode'] ?? '') ?: null,
        ];
    }
    return ['services' => $services];
};
