<?php
/**
 * Ends the trial of a change before its time: asks the switch to undo it.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 * @config unused
 */
return static function (array $in): array {
    $folder = "/cf/conf/pfsense-mcp/{$in['id']}";
    if (McpChange::facts($folder, 'order.json') === null) {
        McpBox::fail('not_found', 'This firewall knows no such change.');
    }
    $state = McpChange::state($folder);
    if (!in_array($state, ['prepared', 'armed', 'confirming', 'reverting'], true)) {
        McpBox::fail('change_over', 'This change is not on trial any more.');
    }
    if (!is_file("$folder/wanted")) {
        McpChange::note($folder, 'outcome.json', ['by' => 'person', 'at' => time()]);
        // Before it is armed nothing is in force, and perhaps no switch runs.
        if (McpChange::drop($folder, 'prepared')) {
            return ['isAsked' => true];
        }
        McpChange::undo($folder);
    }
    return ['isAsked' => is_file("$folder/wanted")];
};
