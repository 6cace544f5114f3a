<?php
/**
 * Gateways, their monitoring and the groups they stand in.
 *
 * @effect read
 * @class  interface
 * @since  2.7.0
 */
require_once 'gwlb.inc';

return static function (array $in): array {
    $rows = [];
    foreach (McpBox::gateways() as ['gateway' => $gateway, 'state' => $state]) {
        $rows[] = [
            'name' => $gateway['name'],
            'description' => (string) ($gateway['descr'] ?? ''),
            'interface' => (string) ($gateway['friendlyiface'] ?? $gateway['interface'] ?? ''),
            'family' => ($gateway['ipprotocol'] ?? 'inet') === 'inet6' ? 'ipv6' : 'ipv4',
            'address' => ($gateway['gateway'] ?? '') ?: null,
            'isDynamic' => !empty($gateway['dynamic']),
            'isDisabled' => isset($gateway['disabled']) && $gateway['disabled'] !== false,
            'isDefault' => !empty($gateway['isdefaultgw']),
            'isForcedDown' => isset($gateway['force_down']),
            'isMonitored' => !isset($gateway['monitor_disable']),
            'monitor' => $state['monitorip'] ?? $gateway['monitor'] ?? null,
            'status' => $state['status'] ?? null,
            'substatus' => $state['substatus'] ?? null,
            'delayMs' => $state['delayMs'] ?? null,
            'deviationMs' => $state['deviationMs'] ?? null,
            'lossPercent' => $state['lossPercent'] ?? null,
        ];
    }
    $groups = [];
    foreach ((array) config_get_path('gateways/gateway_group', []) as $group) {
        $groups[] = [
            'name' => (string) ($group['name'] ?? ''),
            'description' => (string) ($group['descr'] ?? ''),
            'trigger' => (string) ($group['trigger'] ?? ''),
            'members' => array_map(static function (string $item): array {
                [$gateway, $tier] = explode('|', "$item|");
                return ['gateway' => $gateway, 'tier' => (int) $tier];
            }, array_values(array_map('strval', (array) ($group['item'] ?? [])))),
        ];
    }
    return [
        'gateways' => $rows,
        'groups' => $groups,
        'default4' => (string) config_get_path('gateways/defaultgw4', ''),
        'default6' => (string) config_get_path('gateways/defaultgw6', ''),
    ];
};
