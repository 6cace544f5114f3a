<?php
/**
 * Answers framed calls on stdin for as long as the session lives, and offers snippets the class McpBox. The files of
 * this folder travel together in one line.
 */

/** The loop of one session. */
final class McpRunner
{
    private const STRAY_LIMIT = 16384;

    private static array $snippets = [];
    /** By hash. */
    private static array $needsConfig = [];
    private static ?array $call = null;
    private static bool $isTimed = false;
    private static float $began = 0;
    private static string $stray = '';

    /** Announces the session and answers calls until stdin ends. Never returns. */
    public static function serve(string $nonce): never
    {
        McpWire::open($nonce);
        McpConfig::noteCode();
        register_shutdown_function([self::class, 'lastWords']);
        set_error_handler([self::class, 'noteWarning']);
        if (function_exists('pcntl_async_signals')) {
            pcntl_async_signals(true);
            pcntl_signal(SIGALRM, [self::class, 'overdue']);
            // Caught, not ignored: what is ignored stays so in every program that is started from here.
            pcntl_signal(SIGPIPE, static fn () => null);
        }
        self::discardOutput(static fn () => McpConfig::read());
        McpWire::reply(self::hello());
        while (($request = McpWire::read()) !== null) {
            self::answer($request);
        }
        exit(0);
    }

    /** Signal handler; rings again in case a library swallowed the first, and never outside of a snippet. */
    public static function overdue(): void
    {
        if (self::$isTimed) {
            pcntl_alarm(1);
            throw new McpOverdue('overdue');
        }
    }

    /** Shutdown function: a call that ended the whole process still gets its typed reply. */
    public static function lastWords(): void
    {
        if (self::$call === null) {
            return;
        }
        // After a call that used up its memory there must be some left for the reply.
        self::$snippets = [];
        @ini_set('memory_limit', '-1');
        self::unwind(0);
        $error = error_get_last();
        $isFatal = $error !== null && ($error['type'] & (E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR));
        $detail = $isFatal ? $error['message'] : 'The snippet ended the PHP process.';
        self::finish(['ok' => false, 'error' => McpWire::error('snippet_failed', 'PHP ended during the call.', $detail), 'final' => true]);
    }

    /** Error handler: warnings travel with the reply and never change its outcome. */
    public static function noteWarning(int $level, string $message): bool
    {
        if (error_reporting() & $level && $level & (E_WARNING | E_USER_WARNING)) {
            McpBox::warn($message);
        }
        return $level !== E_USER_ERROR && $level !== E_RECOVERABLE_ERROR;
    }

    private static function answer(array $request): void
    {
        self::$call = $request;
        self::$began = hrtime(true);
        $seconds = self::wholeSeconds(max(0.001, min(600, (float) ($request['deadlineMs'] ?? 5000) / 1000)));
        McpBox::begin($seconds);
        $level = ob_get_level();
        self::$stray = '';
        ob_start([self::class, 'keepStray'], 4096);
        try {
            $reply = ['ok' => true, 'value' => self::timed($request, $seconds)];
        } catch (McpOverdue) {
            $reply = ['ok' => false, 'error' => McpWire::error('box_timeout', 'The work took longer than the call allows.')];
        } catch (McpFailure $failure) {
            $reply = ['ok' => false, 'error' => McpWire::error($failure->kind, $failure->getMessage())];
        } catch (Throwable $thrown) {
            $where = basename($thrown->getFile()) . ':' . $thrown->getLine();
            $detail = get_class($thrown) . ': ' . $thrown->getMessage() . " ($where)";
            $reply = ['ok' => false, 'error' => McpWire::error('snippet_failed', 'PHP reported an error.', $detail)];
        }
        self::unwind($level);
        self::finish($reply);
    }

    /** The alarm knows whole seconds only: rounded down, so that a call ends here before the driver has to kill it. */
    private static function wholeSeconds(float $seconds): float
    {
        return $seconds >= 1 && function_exists('pcntl_alarm') ? floor($seconds) : $seconds;
    }

    private static function timed(array $request, float $seconds): mixed
    {
        $hasAlarm = function_exists('pcntl_alarm');
        // The alarm ends the call as a typed error and the session lives; the time limit behind it ends the process.
        set_time_limit((int) ceil($seconds) + 10);
        self::$isTimed = true;
        if ($hasAlarm) {
            pcntl_alarm(max(1, (int) $seconds));
        }
        try {
            return self::run($request);
        } finally {
            self::$isTimed = false;
            if ($hasAlarm) {
                pcntl_alarm(0);
            }
            set_time_limit(0);
        }
    }

    private static function run(array $request): mixed
    {
        if (McpConfig::isCodeChanged()) {
            McpBox::fail('recycle', 'The code on the firewall changed since the session began.');
        }
        $hash = (string) ($request['sha256'] ?? '');
        if (!isset(self::$snippets[$hash])) {
            self::$snippets[$hash] = self::load($hash, $request['source'] ?? null);
        }
        if (self::$needsConfig[$hash]) {
            McpConfig::refresh();
        }
        McpConfig::forget();
        return (self::$snippets[$hash])((array) ($request['input'] ?? []));
    }

    private static function load(string $hash, ?string $source): Closure
    {
        if ($source === null) {
            McpBox::fail('need_source', 'The snippet is not known in this session.');
        }
        if (!hash_equals($hash, hash('sha256', $source))) {
            McpBox::fail('snippet_unvetted', 'The snippet arrived with other bytes than announced.');
        }
        // What looks at files only still answers when the configuration is damaged: then it is needed most.
        self::$needsConfig[$hash] = !preg_match('/^ \* @config\s+unused$/m', $source);
        $snippet = self::evaluate($source);
        if (!$snippet instanceof Closure) {
            McpBox::fail('snippet_failed', 'The snippet did not return a closure.');
        }
        return $snippet;
    }

    /**
     * Runs a snippet's file where globals are visible. pfSense's include files set globals in passing;
     * included from a function these would be locals, so what is new is handed on to the global scope.
     */
    private static function evaluate(string $mcpSource): mixed
    {
        foreach (array_keys($GLOBALS) as $mcpName) {
            if (preg_match('/^[a-zA-Z_]\w*$/', (string) $mcpName) && $mcpName !== 'this' && !str_starts_with($mcpName, 'mcp')) {
                global $$mcpName;
            }
        }
        $mcpResult = eval('?>' . $mcpSource);
        foreach (array_keys(get_defined_vars()) as $mcpName) {
            if (!str_starts_with($mcpName, 'mcp') && !array_key_exists($mcpName, $GLOBALS)) {
                $GLOBALS[$mcpName] = $$mcpName;
            }
        }
        return $mcpResult;
    }

    private static function hello(): array
    {
        $config = function_exists('config_get_path') ? config_get_path('version', '') : '';
        return ['hello' => [
            'pid' => getmypid(),
            'pgid' => function_exists('posix_getpgid') ? posix_getpgid(getmypid()) : 0,
            'uid' => function_exists('posix_geteuid') ? posix_geteuid() : 0,
            'php' => PHP_VERSION,
            'sapi' => PHP_SAPI,
            'version' => trim((string) @file_get_contents('/etc/version')),
            'configVersion' => is_scalar($config) ? (string) $config : '',
            'capabilities' => self::capabilities(),
        ]];
    }

    private static function capabilities(): array
    {
        $found = [];
        $names = ['config_read_file', 'parse_config', 'config_get_path', 'get_gateways', 'return_gateways_array', 'logger',
            'log_error', 'pcntl_alarm', 'posix_getpgid', 'pfSense_get_pf_rules', 'write_config'];
        foreach ($names as $name) {
            $found[$name] = function_exists($name);
        }
        McpBox::begin(2);
        $found['memoryBytes'] = (int) (McpBox::sysctl('hw.physmem')['hw.physmem'] ?? 0);
        $found['isBooting'] = file_exists('/var/run/booting');
        return $found;
    }

    private static function finish(array $reply): void
    {
        $ms = (hrtime(true) - self::$began) / 1e6;
        if ($reply['ok']) {
            $pending = McpBox::pendingChanges();
            $reply['pending'] = $pending === null ? null : [...$pending, ...McpTrace::overwritten()];
        }
        $reply += ['id' => self::$call['id'] ?? null, 'warnings' => McpBox::warnings(), 'ms' => round($ms, 3)];
        if (self::$stray !== '') {
            $reply['stray'] = self::$stray;
        }
        self::$call = null;
        McpWire::reply($reply);
    }

    /** Output handler: keeps the beginning of what libraries print, lets nothing through. */
    public static function keepStray(string $text): string
    {
        self::$stray .= substr($text, 0, max(0, self::STRAY_LIMIT - strlen(self::$stray)));
        return '';
    }

    private static function unwind(int $level): void
    {
        while (ob_get_level() > $level && @ob_end_flush()) {
            continue;
        }
    }

    private static function discardOutput(callable $work): void
    {
        $level = ob_get_level();
        ob_start();
        try {
            $work();
        } finally {
            while (ob_get_level() > $level && @ob_end_clean()) {
                continue;
            }
        }
    }
}
