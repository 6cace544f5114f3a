<?php
/**
 * Which of pf's tables hold an address, since when, whether a rule blocks by them, and what sshguard wrote of it.
 *
 * @effect read
 * @class  firewall
 * @since  2.7.0
 */
return static function (array $in): array {
    $address = (string) ($in['address'] ?? '');
    if (@inet_pton($address) === false) {
        McpBox::fail('bad_input', 'An address is needed.');
    }
    return McpBox::tablesHolding($address);
};
