<?php
/**
 * Frames of one session.
 *
 * Request:  <bytes>\n<json>                      {id, snippet, sha256, source?, input, deadlineMs}
 * Reply:    \x1e<nonce> <bytes> <hash>\n<json>\n  hash: the first 8 hex digits of the JSON's sha256
 */
final class McpWire
{
    private const IDLE_SECONDS = 320;
    private const REQUEST_LIMIT = 8388608;
    private const REPLY_LIMIT = 16777216;
    private const JSON = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE
        | JSON_PRESERVE_ZERO_FRACTION;

    private static string $nonce;
    private static $in;
    private static $out;

    /** Takes over stdin and stdout; replies carry the nonce. */
    public static function open(string $nonce): void
    {
        self::$nonce = $nonce;
        self::$in = fopen('php://stdin', 'r');
        self::$out = fopen('php://stdout', 'w');
    }

    /** The next request, or null when nobody will ask any more. */
    public static function read(): ?array
    {
        while (self::isAwaited() && ($line = fgets(self::$in, 4096)) !== false) {
            $line = rtrim($line, "\r\n");
            if ($line === 'exit') {
                return null;
            }
            // Lines that were meant for pfSsh.php may still be waiting here.
            if (!ctype_digit($line) || (int) $line > self::REQUEST_LIMIT) {
                continue;
            }
            $request = self::body((int) $line);
            return $request === null ? null : $request;
        }
        return null;
    }

    private static function isAwaited(): bool
    {
        if (!function_exists('pcntl_alarm')) {
            return true;
        }
        $readable = [self::$in];
        $none = null;
        return @stream_select($readable, $none, $none, self::IDLE_SECONDS) === 1;
    }

    private static function body(int $length): ?array
    {
        $json = '';
        while (strlen($json) < $length) {
            $piece = fread(self::$in, min(65536, $length - strlen($json)));
            if ($piece === false || $piece === '') {
                return null;
            }
            $json .= $piece;
        }
        $request = json_decode($json, true, 64);
        return is_array($request) ? $request : ['id' => null, 'sha256' => '', 'input' => []];
    }

    /** The error part of a reply. */
    public static function error(string $code, string $message, string $detail = ''): array
    {
        return ['code' => $code, 'message' => $message, 'detail' => substr($detail, 0, 1000)];
    }

    /** Sends a reply; ends the process when nobody takes it. */
    public static function reply(array $reply): void
    {
        $json = json_encode($reply, self::JSON, 64);
        if ($json === false || strlen($json) > self::REPLY_LIMIT) {
            $code = $json === false ? 'bad_reply' : 'reply_too_large';
            $error = self::error($code, $json === false ? 'The answer cannot be encoded.' : 'The answer is too large.');
            $json = json_encode(['ok' => false, 'id' => $reply['id'] ?? null, 'error' => $error, 'warnings' => [], 'ms' => 0]);
        }
        $hash = substr(hash('sha256', $json), 0, 8);
        $frame = "\x1e" . self::$nonce . ' ' . strlen($json) . " $hash\n$json\n";
        for ($sent = 0; $sent < strlen($frame);) {
            $piece = @fwrite(self::$out, $sent === 0 ? $frame : substr($frame, $sent));
            if ($piece === false || $piece === 0) {
                exit(0);
            }
            $sent += $piece;
        }
        fflush(self::$out);
    }
}
