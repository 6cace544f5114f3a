<?php
/**
 * Certificates, authorities and revocation lists, and the places of the configuration that name them.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $items = static fn (string $path): array => array_values(array_filter((array) config_get_path($path, []), 'is_array'));
    $text = static fn (array $entry, string $key): string => is_scalar($entry[$key] ?? '') ? (string) ($entry[$key] ?? '') : '';
    $known = [];
    $public = static function (array $entry) use ($text, &$known): array {
        $known[$text($entry, 'refid')] = true;
        return [
            'refid' => $text($entry, 'refid'),
            'descr' => $text($entry, 'descr'),
            'type' => $text($entry, 'type'),
            'caref' => $text($entry, 'caref'),
            'crt' => $text($entry, 'crt'),
            'serial' => $text($entry, 'serial'),
            // The key itself stays here.
            'hasKey' => $text($entry, 'prv') !== '',
            'isRequest' => $text($entry, 'csr') !== '' && $text($entry, 'crt') === '',
        ];
    };
    $authorities = array_map($public, $items('ca'));
    $certificates = array_map($public, $items('cert'));
    $lists = array_map(static function (array $list) use ($text): array {
        $entries = array_filter((array) ($list['cert'] ?? []), 'is_array');
        return [
            'refid' => $text($list, 'refid'),
            'descr' => $text($list, 'descr'),
            'caref' => $text($list, 'caref'),
            'isImported' => $text($list, 'text') !== '' && $entries === [],
            'revoked' => array_values(array_map(static fn (array $entry): array => [
                'refid' => $text($entry, 'refid'),
                'caref' => $text($entry, 'caref'),
                'crt' => $text($entry, 'crt'),
                'serial' => $text($entry, 'serial'),
            ], $entries)),
        ];
    }, $items('crl'));
    $uses = [];
    $walk = static function (array $node, string $path, string $label) use (&$walk, &$uses, $known): void {
        foreach (['name', 'description', 'descr', 'zone'] as $key) {
            if (is_string($node[$key] ?? null) && $node[$key] !== '') {
                $label = $node[$key];
                break;
            }
        }
        foreach ($node as $key => $child) {
            if (is_array($child)) {
                $walk($child, "$path/$key", $label);
            } elseif (is_string($child) && isset($known[$child]) && count($uses) < 2000) {
                $uses[] = ['refid' => $child, 'path' => ltrim("$path/$key", '/'), 'label' => $label];
            }
        }
    };
    foreach ((array) config_get_path('', []) as $section => $child) {
        if (is_array($child) && !in_array($section, ['cert', 'ca', 'crl'], true)) {
            $walk($child, (string) $section, '');
        }
    }
    return ['authorities' => $authorities, 'certificates' => $certificates, 'lists' => $lists, 'uses' => $uses, 'now' => time()];
};
