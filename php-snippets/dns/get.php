<?php
/**
 * Settings of DNS resolver and forwarder, overrides, the system's own servers, and which service answers.
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 */
require_once 'service-utils.inc';

return static function (array $in): array {
    $texts = static fn (array $entry): array => array_map('strval', array_filter($entry, 'is_scalar'));
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $chosen = static fn (array $entry, string ...$keys): array => array_intersect_key($entry, array_flip($keys));
    $host = static function (array $entry) use ($texts, $chosen): array {
        $aliases = array_filter((array) ($entry['aliases']['item'] ?? []), 'is_array');
        return [
            ...$texts($chosen($entry, 'host', 'domain', 'ip', 'descr')),
            'aliases' => ['item' => array_values(array_map(static fn (array $alias): array => $texts($chosen($alias, 'host', 'domain')), $aliases))],
        ];
    };
    $domain = static fn (array $entry): array => $texts($chosen($entry, 'domain', 'ip', 'descr', 'tls_hostname', 'forward_tls_upstream'));
    // Settings that say something to a reader; custom options may hold secrets and are only counted.
    $settings = static function (string $section) use ($texts, $chosen): array {
        $entry = (array) config_get_path($section, []);
        return [
            ...$texts($chosen(
                $entry, 'enable', 'port', 'active_interface', 'outgoing_interface', 'interface', 'dnssec', 'forwarding',
                'forward_tls_upstream', 'regdhcp', 'regdhcpstatic', 'regovpnclients', 'system_domain_local_zone_type',
                'strictout', 'enablessl', 'tlsport', 'strict_order', 'domain_needed', 'no_private_reverse', 'dhcpfirst',
            )),
            'hasCustomOptions' => !empty($entry['custom_options']) ? 'yes' : 'no',
        ];
    };
    $resolvConf = @file_get_contents('/etc/resolv.conf');
    $system = (array) config_get_path('system', []);
    return [
        'unbound' => $settings('unbound'),
        'dnsmasq' => $settings('dnsmasq'),
        'hosts' => ['unbound' => array_map($host, $items('unbound/hosts')), 'dnsmasq' => array_map($host, $items('dnsmasq/hosts'))],
        'domains' => ['unbound' => array_map($domain, $items('unbound/domainoverrides')), 'dnsmasq' => array_map($domain, $items('dnsmasq/domainoverrides'))],
        'system' => [
            ...$texts(array_filter($system, static fn (string $key): bool => (bool) preg_match('/^(?:domain|dnsallowoverride|dnslocalhost|dns\d+(?:gw|host))$/', $key), ARRAY_FILTER_USE_KEY)),
            'dnsserver' => array_values(array_map('strval', (array) ($system['dnsserver'] ?? []))),
        ],
        'running' => ['unbound' => is_service_running('unbound'), 'dnsmasq' => is_service_running('dnsmasq')],
        'resolvConf' => is_string($resolvConf) ? substr($resolvConf, 0, 4096) : null,
    ];
};
