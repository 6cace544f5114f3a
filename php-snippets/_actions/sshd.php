<?php
/**
 * Restarts sshd: only when it accepts its configuration, and back to the one before when the new one does not answer.
 *
 * @effect service
 * @class  config
 * @since  2.7.0
 */
require_once 'service-utils.inc';

return static function (array $in): array {
    $file = '/etc/ssh/sshd_config';
    if (McpBox::run(['/usr/sbin/sshd', '-t'], '', 20)['code'] !== 0) {
        McpBox::fail('box_not_ready', 'sshd does not accept its own configuration, so it was left as it is.');
    }
    $kept = (string) @file_get_contents($file);
    $listener = static fn (): int => (int) @file_get_contents('/var/run/sshd.pid');
    $answers = static function () use ($in): bool {
        $socket = @stream_socket_client("tcp://127.0.0.1:{$in['port']}", $code, $message, 2);
        if ($socket === false) {
            return false;
        }
        stream_set_timeout($socket, 2);
        $banner = (string) fgets($socket, 256);
        fclose($socket);
        return str_starts_with($banner, 'SSH-');
    };
    $before = $listener();
    $isNew = static fn (): bool => !in_array($listener(), [0, $before], true) && $answers();
    send_event('service restart sshd');
    $isInEffect = McpBox::until($isNew, 8, 0.2);
    if (!$isInEffect) {
        // Nobody takes events: the script that they would start does the same. It may not find the one that listens.
        $line = McpBox::run(['/bin/ps', '-o', 'args=', '-p', (string) $before], '', 5)['stdout'];
        if ($before > 1 && $listener() === $before && str_contains($line, 'sshd') && str_contains($line, 'listener')) {
            posix_kill($before, SIGTERM);
            usleep(500000);
        }
        McpBox::run(['/usr/local/bin/php-cgi', '-q', '-f', '/etc/sshd'], '', 60);
        $isInEffect = McpBox::until($isNew, 10, 0.2);
    }
    $isRestored = false;
    for ($tries = 0; !$answers() && $kept !== '' && $tries < 3; $tries++) {
        file_put_contents($file, $kept);
        McpBox::run(['/usr/sbin/sshd'], '', 20);
        $isRestored = true;
        sleep(1);
    }
    return [
        'before' => $before ?: null,
        'after' => $listener() ?: null,
        'answers' => $answers(),
        'isRestored' => $isRestored,
        'isInEffect' => $isInEffect && !$isRestored,
    ];
};
