<?php
/**
 * Reboots the firewall or switches it off, by what pfSense itself uses.
 *
 * @effect dangerous
 * @class  dangerous
 * @since  2.7.0
 */
require_once 'service-utils.inc';

return static function (array $in): array {
    if ($in['isHalt']) {
        system_halt();
    } else {
        system_reboot();
    }
    return ['isInEffect' => true];
};
