<?php
/**
 * Brings users and groups of the operating system in line with those of the configuration, for those that changed.
 *
 * @effect config
 * @class  config
 * @since  2.7.0
 */
require_once 'auth.inc';

return static function (array $subjects, array $before, array $after): ?string {
    // pfSense looks accounts up by places that it noted when it started.
    $GLOBALS['userindex'] = index_users();
    $GLOBALS['groupindex'] = index_groups();
    $keyed = static fn (array $config, string $list, string $key): array => array_column((array) ($config['system'][$list] ?? []), null, $key);
    $show = static function (string $what, string $name): ?array {
        $line = McpBox::run(['/usr/sbin/pw', $what, '-n', $name], '', 20);
        $fields = explode(':', trim($line['stdout']));
        return $line['code'] === 0 && $fields[0] === $name ? $fields : null;
    };
    // Never an account of the operating system that has the name of one of ours.
    $isOurs = static fn (string $what, array $account, string $key): bool => ($show($what, (string) $account['name'])[2] ?? '') === (string) $account[$key];
    $hasHash = static fn (array $user): bool => !empty($user['bcrypt-hash']) || !empty($user['sha512-hash']) || !empty($user['password']);
    [$oldUsers, $users] = [$keyed($before, 'user', 'uid'), $keyed($after, 'user', 'uid')];
    [$oldGroups, $groups] = [$keyed($before, 'group', 'gid'), $keyed($after, 'group', 'gid')];

    // What a user may do hangs on its groups as well.
    $touched = array_filter($users, static fn (array $user): bool => ($oldUsers[$user['uid']] ?? null) != $user);
    $changed = array_filter($groups, static fn (array $group): bool => ($oldGroups[$group['gid']] ?? null) != $group);
    $gone = array_diff_key($oldGroups, $groups);
    foreach ([...$gone, ...$changed, ...array_intersect_key($oldGroups, $changed)] as $group) {
        $members = $group['name'] === 'all' ? array_keys($users) : (array) ($group['member'] ?? []);
        $touched += array_intersect_key($users, array_flip(array_filter($members, 'is_scalar')));
    }
    $leaving = array_filter($oldUsers, static fn (array $user): bool => ($users[$user['uid']]['name'] ?? '') !== $user['name']);

    foreach ($leaving as $user) {
        if ($isOurs('usershow', $user, 'uid')) {
            local_user_del($user);
        }
    }
    foreach ($touched as $user) {
        local_user_set($user);
    }
    foreach ([...$gone, ...array_filter(array_intersect_key($oldGroups, $changed), static fn (array $group): bool => $groups[$group['gid']]['name'] !== $group['name'])] as $group) {
        if ($isOurs('groupshow', $group, 'gid')) {
            local_group_del($group);
        }
    }
    foreach ($changed as $group) {
        if (($group['scope'] ?? '') !== 'remote' || $isOurs('groupshow', $group, 'gid')) {
            local_group_set($group);
        }
    }
    if (is_dir('/etc/inc/privhooks') && function_exists('run_plugins')) {
        run_plugins('/etc/inc/privhooks');
    }
    $login = static fn (array $user): array => array_intersect_key($user, ['disabled' => 1, 'expires' => 1]);
    if ($login($oldUsers[0] ?? []) != $login($users[0] ?? [])) {
        // Whether root may log in stands in the settings of sshd.
        send_event('service restart sshd');
    }

    foreach ($leaving as $user) {
        if ($isOurs('usershow', $user, 'uid')) {
            return 'A user that was to go is still there.';
        }
    }
    foreach (array_filter($touched, $hasHash) as $user) {
        $shown = $show('usershow', (string) $user['name']);
        $home = $user['uid'] == 0 ? '/root' : "/home/{$user['name']}";
        $keys = (string) base64_decode((string) ($user['authorizedkeys'] ?? ''));
        if (($shown[2] ?? '') !== (string) $user['uid']) {
            return 'A user is not in the user database of the firewall.';
        }
        if ((string) @file_get_contents("$home/.ssh/authorized_keys") !== $keys) {
            return 'The SSH keys of a user are not in place.';
        }
        if ($user['uid'] != 0 && (is_account_disabled($user['name']) || is_account_expired($user['name'])) && end($shown) !== '/sbin/nologin') {
            return 'A user that may not log in any more still has a shell.';
        }
    }
    foreach ($gone as $group) {
        if ($isOurs('groupshow', $group, 'gid')) {
            return 'A group that was to go is still there.';
        }
    }
    foreach (array_filter($changed, static fn (array $group): bool => ($group['scope'] ?? '') !== 'remote') as $group) {
        $shown = $show('groupshow', (string) $group['name']);
        $present = explode(',', (string) ($shown[3] ?? ''));
        $members = array_filter(array_intersect_key($users, array_flip(array_filter((array) ($group['member'] ?? []), 'is_scalar'))), $hasHash);
        // The first of all is known by several names.
        $missing = array_filter($members, static fn (array $user): bool => $user['uid'] != 0 && !in_array($user['name'], $present, true));
        if (($shown[2] ?? '') !== (string) $group['gid'] || ($missing !== [] && $group['name'] !== 'all')) {
            return 'A group is not as it should be in the group database of the firewall.';
        }
    }
    return null;
};
