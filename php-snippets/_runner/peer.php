<?php
/** The other node of a pair, asked as pfSense asks it when it synchronises. */
final class McpPeer
{
    /** How long it has to answer, in seconds; it takes nobody else while it takes a synchronisation. */
    private const PATIENCE = 8;

    /** Where this node sends its configuration; empty when it sends it nowhere. */
    public static function address(): string
    {
        return trim((string) config_get_path('hasync/synchronizetoip', ''));
    }

    /** What the other node answers to one of the methods of pfSense's xmlrpc.php; null: nothing. */
    public static function ask(string $method, mixed ...$arguments): mixed
    {
        if (self::address() === '' || stream_resolve_include_path('XML/RPC2/Client.php') === false) {
            return null;
        }
        require_once 'XML/RPC2/Client.php';
        try {
            // In milliseconds, of which whole seconds count; pfSense's own 240 are none.
            $options = ['prefix' => 'pfsense.', 'sslverify' => false, 'connectionTimeout' => 1000 * max(1, (int) min(self::PATIENCE, McpBox::secondsLeft() - 1))];
            return XML_RPC2_Client::create(self::url(), $options)->$method(...$arguments);
        } catch (McpOverdue $overdue) {
            throw $overdue;
        } catch (Throwable) {
            // Its message may quote the address with the password.
            return null;
        }
    }

    /** Has pfSense send the configuration there; nothing where there is no other node. */
    public static function synchronise(): void
    {
        if (self::address() !== '') {
            carp_sync_client();
        }
    }

    private static function url(): string
    {
        $isPlain = config_get_path('system/webgui/protocol') === 'http';
        $port = (string) config_get_path('system/webgui/port', '') ?: ($isPlain ? '80' : '443');
        $login = rawurlencode((string) config_get_path('hasync/username', '') ?: 'admin') . ':' . rawurlencode((string) config_get_path('hasync/password', ''));
        $host = str_contains(self::address(), ':') ? '[' . self::address() . ']' : self::address();
        return ($isPlain && $port !== '443' ? 'http' : 'https') . "://$login@$host:$port/xmlrpc.php";
    }
}
