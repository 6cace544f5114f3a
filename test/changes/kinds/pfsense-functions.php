<?php
/**
 * Runs pfSense's own functions on configurations that are given, for comparison. Reads {base, group, cases} from
 * the constant INPUT (base64 of JSON), prints one line of JSON: for each case the sections afterwards and the errors.
 */
require_once('config.inc');
require_once('functions.inc');
require_once('filter.inc');
require_once('shaper.inc');
require_once('auth.inc');
require_once('priv.inc');
$input = json_decode(base64_decode(INPUT), true);
$_SESSION['Username'] = 'admin';
$files = [
    'rules' => ['alias-utils.inc', 'firewall_schedule.inc', 'firewall_nat.inc'],
    'outbound' => ['firewall_nat_out.inc'],
    'one_to_one' => ['firewall_nat_1to1.inc'],
    'npt' => ['firewall_nat_npt.inc'],
];
foreach ($files[$input['group']] as $file) {
    require_once($file);
}
$sections = ['aliases', 'filter', 'nat', 'schedules', 'staticroutes', 'openvpn'];
// The first write of a process may be overtaken by what it read from the disk before.
$config = $input['base'];
write_config('comparison');
$answers = [];
foreach ($input['cases'] as $case) {
    $config = $input['base'];
    foreach ($case['before'] as $section => $tree) {
        $config[$section] = $tree;
    }
    $errors = null;
    $post = $case['post'] ?? [];
    $id = $case['id'] ?? null;
    ob_start();
    switch ($case['call']) {
        case 'saveAlias':
            $errors = saveAlias($post, $id);
            break;
        case 'deleteAlias':
            $errors = deleteAlias((string)$id);
            break;
        case 'deleteSchedule':
            $errors = deleteSchedule(['id' => $id], true);
            break;
        case 'saveNATrule':
            $errors = json_decode(saveNATrule($post, $id, true), true)['input_errors'];
            break;
        case 'deleteNATrule':
            deleteNATrule(['id' => $id], true);
            break;
        case 'toggleNATrule':
            toggleNATrule(['id' => $id], true);
            break;
        case 'saveoutNATrule':
            $after = null;
            $errors = json_decode(saveoutNATrule($post, $id, true), true)['input_errors'];
            break;
        case 'save1to1NATrule':
            $errors = json_decode(save1to1NATrule($post, $id, true), true)['input_errors'];
            break;
        case 'savenptNATrule':
            $errors = json_decode(savenptNATrule($post, $id, true), true)['input_errors'];
            break;
        case 'deleteRule':
            // As firewall_rules.php does it, whose code cannot be called.
            filter_rules_sort();
            $rules = config_get_path('filter/rule', []);
            $separators = config_get_path("filter/separator/{$case['tab']}", []);
            $place = get_interface_ruleindex($case['tab'], $id);
            shift_separators($separators, $place['index'], true);
            config_set_path("filter/separator/{$case['tab']}", $separators);
            unset($rules[$id]);
            config_set_path('filter/rule', array_values($rules));
            filter_rules_sort();
            break;
        case 'insertRule':
            filter_rules_sort();
            $rules = config_get_path('filter/rule', []);
            $separators = config_get_path("filter/separator/{$case['tab']}", []);
            $place = get_interface_ruleindex($case['tab'], $case['after']);
            if ($case['after'] === null) {
                array_splice($rules, $place['last'] + 1, 0, [$post]);
            } elseif ($case['after'] == -1) {
                shift_separators($separators, -1);
                array_splice($rules, $place['first'], 0, [$post]);
            } else {
                shift_separators($separators, $place['index']);
                array_splice($rules, $case['after'] + 1, 0, [$post]);
            }
            config_set_path("filter/separator/{$case['tab']}", $separators);
            config_set_path('filter/rule', $rules);
            filter_rules_sort();
            break;
    }
    ob_end_clean();
    $answers[] = [
        'errors' => empty($errors) ? [] : (array)$errors,
        'after' => array_map(static fn(string $section) => $config[$section] ?? '', array_combine($sections, $sections)),
    ];
}
echo "\nANSWER ", json_encode($answers, JSON_INVALID_UTF8_SUBSTITUTE), "\n";
