<?php
/**
 * The rules that pfSense would make after a change. pf reads them and loads nothing.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
require_once 'filter.inc';
require_once 'shaper.inc';

return static function (array $in): array {
    if (!McpBox::isConfig($in['base'])) {
        McpBox::fail('plan_stale', 'The configuration changed since the plan was made.');
    }
    // In the order of pfSense's own reload, up to where it begins to write. Translations are left out: making them writes
    // the settings of pfSense's proxies and signals them.
    McpBox::assign($in['operations']);
    $GLOBALS['tracker'] = TRACKER_DEFAULT;
    $GLOBALS['negate_tracker'] = NEGATE_TRACKER_DEFAULT;
    if (function_exists('alias_make_table')) {
        alias_make_table();
    }
    filter_generate_optcfg_array();
    $GLOBALS['vpns_list'] = filter_get_vpns_list();
    $tables = filter_generate_aliases();
    $GLOBALS['aliases'] = $tables;
    $gateways = filter_generate_gateways();
    $GLOBALS['dummynet_name_list'] = get_unique_dnqueue_list();
    $rules = "$tables \n$gateways \n" . filter_rules_generate();
    if ($in['operations'] === []) {
        // As they are now: pf took them when they were loaded.
        return ['rules' => $rules, 'refused' => null];
    }
    $check = McpBox::run(['/sbin/pfctl', '-n', '-f', '-'], $rules, 20);
    return ['rules' => $rules, 'refused' => $check['code'] === 0 ? null : trim($check['stderr'] . "\n" . $check['stdout'])];
};
