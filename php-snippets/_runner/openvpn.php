<?php
/** Who is connected to the OpenVPN servers of this firewall. Needs openvpn.inc. */
final class McpOpenVpn
{
    private const ANSWER_LIMIT = 4194304;
    private const SECONDS = 4;
    /** Positions in a row of a client. */
    private const FIELDS = [
        'common_name' => 1, 'remote_host' => 2, 'virtual_addr' => 3, 'virtual_addr6' => 4, 'bytes_recv' => 5, 'bytes_sent' => 6,
        'connect_time_unix' => 8, 'user_name' => 9, 'client_id' => 10,
    ];

    /**
     * Enabled servers that several can connect to, each with its clients; null: no whole answer came.
     *
     * @return list<array{server: array, clients: list<array<string, string>>|null}>
     */
    public static function servers(): array
    {
        $servers = array_filter((array) config_get_path('openvpn/openvpn-server', []), 'is_array');
        return array_values(array_map(
            static fn (array $server): array => ['server' => $server, 'clients' => self::clients((string) ($server['vpnid'] ?? ''))],
            array_filter($servers, [self::class, 'isForMany']),
        ));
    }

    /** The rest are ends of a tunnel between two, as pfSense tells them apart. */
    private static function isForMany(array $server): bool
    {
        $mode = (string) ($server['mode'] ?? '');
        $network = (string) ($server['tunnel_network'] ?? '');
        $isBridge = $mode === 'p2p_tls' && ($server['dev_mode'] ?? '') === 'tap' && $network === '';
        return !isset($server['disable']) && $mode !== 'p2p_shared_key' && !$isBridge
            && (int) (openvpn_gen_tunnel_network($network)[1] ?? 0) < 30;
    }

    /**
     * Not by pfSense's own reader: that takes any line with END or ERROR in it for the last one, and a silent daemon for
     * one that nobody is connected to. Format 3 parts the fields with tabs, which no name can hold; commas they can.
     */
    private static function clients(string $vpnid): ?array
    {
        $end = hrtime(true) / 1e9 + min(self::SECONDS, McpBox::secondsLeft() - 0.5);
        $socket = ctype_digit($vpnid) && McpBox::secondsLeft() > 1
            ? @stream_socket_client("unix:///var/etc/openvpn/server$vpnid/sock", $code, $message, 1) : false;
        if ($socket === false) {
            return null;
        }
        stream_set_timeout($socket, 1);
        @fputs($socket, "status 3\n");
        $clients = [];
        $isWhole = false;
        for ($bytes = 0; $bytes < self::ANSWER_LIMIT && hrtime(true) / 1e9 < $end && ($line = fgets($socket, 8192)) !== false; $bytes += strlen($line)) {
            $line = rtrim($line, "\r\n");
            if ($isWhole = $line === 'END') {
                break;
            }
            $field = explode("\t", $line);
            if ($field[0] === 'CLIENT_LIST' && count($field) > 9) {
                $clients[] = array_map(static fn (int $position): string => $field[$position] ?? '', self::FIELDS);
            }
        }
        fclose($socket);
        return $isWhole ? $clients : null;
    }
}
