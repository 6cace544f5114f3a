<?php
/**
 * NAT rules of all four kinds, and the outbound rules pfSense made by itself as they were last generated.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $shared = ['interface', 'ipprotocol', 'protocol', 'source', 'destination', 'target', 'descr', 'disabled'];
    // Asking pfSense to generate them again would write its reload status; its last result lies in a file.
    $debug = @file_get_contents('/tmp/rules.debug');
    $automatic = null;
    if (is_string($debug)) {
        $isIn = false;
        $automatic = [];
        foreach (explode("\n", $debug) as $line) {
            if (str_starts_with($line, '# Outbound NAT rules (automatic)')) {
                $isIn = true;
            } elseif (str_starts_with($line, '# TFTP proxy')) {
                break;
            } elseif ($isIn && preg_match('/^(?:no )?nat on |tonatsubnets\b/', $line) && count($automatic) < 200) {
                $automatic[] = substr($line, 0, 4000);
            }
        }
    }
    return [
        'forwards' => McpBox::entries('nat/rule', [...$shared, 'local-port', 'associated-rule-id', 'natreflection', 'nordr']),
        'outbound' => McpBox::entries('nat/outbound/rule', [...$shared, 'sourceport', 'dstport', 'natport', 'staticnatport', 'nonat', 'poolopts', 'target_subnet']),
        'oneToOne' => McpBox::entries('nat/onetoone', [...$shared, 'external', 'natreflection', 'nobinat']),
        'npt' => McpBox::entries('nat/npt', $shared),
        'mode' => (string) config_get_path('nat/outbound/mode', ''),
        'automatic' => $automatic,
        'filterRules' => array_values(array_filter(
            McpBox::entries('filter/rule', ['tracker', 'descr', 'associated-rule-id', 'disabled']),
            static fn (array $rule): bool => ($rule['associated-rule-id'] ?? '') !== '',
        )),
        'reflection' => [
            'disabled' => config_path_enabled('system', 'disablenatreflection'),
            'pure' => config_path_enabled('system', 'enablenatreflectionpurenat'),
            'oneToOne' => config_path_enabled('system', 'enablebinatreflection'),
        ],
        'interfaces' => (object) array_map(
            static fn (array $settings): string => (string) ($settings['descr'] ?? ''),
            array_filter((array) config_get_path('interfaces', []), 'is_array'),
        ),
    ];
};
