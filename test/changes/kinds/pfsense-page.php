<?php
/**
 * Does what one page of pfSense's GUI does with a form, for comparison. Reads {base, page, post} from the constant
 * INPUT (base64 of JSON); prints one line of JSON with the sections afterwards and the errors that the page shows.
 */
require_once('config.inc');
require_once('functions.inc');
require_once('filter.inc');
require_once('shaper.inc');
require_once('auth.inc');
require_once('priv.inc');
require_once('ipsec.inc');
$input = json_decode(base64_decode(INPUT), true);
$_SESSION['Username'] = 'admin';
$config = $input['base'];
write_config('comparison');
// What pfSense keeps of the routes that are in force.
foreach (config_get_path('staticroutes/route', []) as $id => $route) {
    file_put_contents("/tmp/staticroute_$id", serialize([$route['network']]));
    file_put_contents("/tmp/staticroute_{$id}_gw", serialize($route['gateway']));
}
// The pages count gateways in an order of their own.
if (str_starts_with($input['post']['id'] ?? '', '@')) {
    $all = function_exists('get_gateways') ? get_gateways(GW_CACHE_INDEXED) : return_gateways_array(true, false, true, true);
    $id = array_filter($all, static fn (array $gateway): bool => "@{$gateway['name']}" === $input['post']['id']);
    $input['post']['id'] = (string) array_key_first($id);
}
// Nothing of ours that the page could take for its own.
unset($id, $route, $all);
$_POST = $_REQUEST = $input['post'];
$_SERVER['REQUEST_METHOD'] = 'POST';
register_shutdown_function(static function (): void {
    global $config, $input_errors;
    ob_end_clean();
    $sections = ['staticroutes', 'gateways', 'interfaces', 'vlans', 'virtualip'];
    $after = array_map(static fn (string $section) => $config[$section] ?? '', array_combine($sections, $sections));
    echo "\nANSWER ", json_encode(['errors' => array_values((array) ($input_errors ?? [])), 'after' => $after], JSON_INVALID_UTF8_SUBSTITUTE), "\n";
});
ob_start();
// The functions of the pages without the log-in, and the page without its looks.
$gui = file_get_contents('/usr/local/www/guiconfig.inc');
eval(substr($gui, strpos($gui, "include_once('config.inc')")));
$page = preg_replace('/require_once\(["\']guiconfig\.inc["\']\);/', '', file_get_contents("/usr/local/www/{$input['page']}"));
eval('?>' . preg_split('/include\(["\']head\.inc["\']\);/', $page)[0]);
