<?php
/*
 * Opens one of pfSense's own pages as its administrator would. With a form it saves what the form says, and tells what
 * the page found wrong. With `isTrial` the configuration is put back as it was, and what the page wrote comes back.
 */
$in = json_decode(base64_decode('INPUT'), true);
$was = (string) file_get_contents('/cf/conf/config.xml');
$_SERVER = [
    ...$_SERVER,
    'REMOTE_ADDR' => '127.0.0.1',
    // The token against forged forms is asked for with POST only.
    'REQUEST_METHOD' => 'GET',
    'HTTP_HOST' => '127.0.0.1',
    'SERVER_PORT' => '80',
    'SCRIPT_NAME' => "/{$in['page']}",
    'REQUEST_URI' => "/{$in['page']}",
    'PHP_SELF' => "/{$in['page']}",
    'SCRIPT_FILENAME' => "/usr/local/www/{$in['page']}",
];
$_POST = $in['post'];
$_REQUEST = $_POST;
ini_set('session.use_cookies', '0');
session_id('comparison');
session_start();
$_SESSION = ['Logged_In' => 'true', 'Username' => 'admin', 'last_access' => time(), 'protocol' => 'http', 'authsource' => 'Local Database', 'page' => ''];
session_write_close();
chdir('/usr/local/www');
ob_start();
register_shutdown_function(static function () use ($in, $was): void {
    $shown = '';
    while (ob_get_level() > 0) {
        $shown = ob_get_clean() . $shown;
    }
    $written = (string) file_get_contents('/cf/conf/config.xml');
    if ($in['isTrial']) {
        file_put_contents('/cf/conf/config.xml', $was);
        array_map(static fn (string $file) => @unlink($file), ['/tmp/config.cache', ...glob('/var/run/*.dirty')]);
    }
    $answer = ['errors' => array_values((array) ($GLOBALS['input_errors'] ?? [])), 'shown' => $shown, 'written' => $written];
    echo "\nANSWER ", base64_encode(json_encode($answer, JSON_INVALID_UTF8_SUBSTITUTE)), "\n";
});
require $in['page'];
