<?php
/**
 * Answers framed calls on stdin for as long as the session lives, and offers snippets the class McpBox.
 *
 * Request:  <bytes>\n<json>                      {id, snippet, sha256, source?, input, deadlineMs}
 * Reply:    \x1e<nonce> <bytes> <hash>\n<json>\n  hash: the first 8 hex digits of the JSON's sha256
 *
 * @effect read
 * @class  simple
 * @since  2.7.0
 */

/** A failure that a snippet states itself; `kind` is an error code of the driver. */
final class McpFailure extends Exception
{
    public function __construct(public readonly string $kind, string $message)
    {
        parent::__construct($message);
    }
}

/** The call's time on the firewall is over. An Error, so that no `catch (Exception)` of a library swallows it. */
final class McpOverdue extends Error
{
}

/** What a snippet may use besides pfSense's own functions. */
final class McpBox
{
    private const OUTPUT_LIMIT = 8388608;
    /** Exit status of timeout(1) when it had to end its program. */
    private const TIMED_OUT = 124;
    private const ENVIRONMENT = [
        'PATH' => '/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin',
        'LC_ALL' => 'C',
    ];

    private static float $end = INF;
    private static array $warnings = [];
    private static string $configMark = '';

    /** Seconds until the call has to be over. */
    public static function secondsLeft(): float
    {
        return self::$end - hrtime(true) / 1e9;
    }

    /** Ends the call with an error code of the driver and a message in our own words. */
    public static function fail(string $code, string $message): never
    {
        throw new McpFailure($code, $message);
    }

    /** Adds a remark to the reply without changing its outcome. */
    public static function warn(string $message): void
    {
        if (count(self::$warnings) < 20) {
            self::$warnings[] = substr($message, 0, 300);
        }
    }

    /**
     * Runs a program by its absolute path with an argument vector; no shell sees it.
     *
     * @return array{code: int, stdout: string, stderr: string, timedOut: bool, truncated: bool}
     */
    public static function run(array $argv, string $stdin = '', ?float $seconds = null): array
    {
        $limit = max(0.05, min($seconds ?? INF, self::secondsLeft() - 0.1, 3600));
        $process = self::open($argv, $limit, $pipes);
        if ($process === false) {
            return ['code' => 127, 'stdout' => '', 'stderr' => '', 'timedOut' => false, 'truncated' => false];
        }
        // WebAssembly PHP has no signals and answers programs in one go; waiting on pipes would only slow it down.
        return function_exists('pcntl_alarm')
            ? self::follow($process, $pipes, $stdin, $limit)
            : self::take($process, $pipes, $stdin);
    }

    /**
     * Lines of a program's output one by one, for output that would not fit into memory; ends the program when the
     * caller stops asking or time runs out. Then `$succeeded` says whether it came to its own end with success.
     *
     * @return Generator<int, string>
     */
    public static function lines(array $argv, ?bool &$succeeded = null, ?float $seconds = null): Generator
    {
        $succeeded = false;
        if (!function_exists('pcntl_alarm')) {
            // WebAssembly PHP gets all of a program's output in one go.
            ['code' => $code, 'stdout' => $text] = self::run($argv, '', $seconds);
            yield from explode("\n", $text);
            $succeeded = $code === 0;
            return;
        }
        $limit = max(0.05, min($seconds ?? INF, self::secondsLeft() - 0.1, 3600));
        $process = self::open($argv, $limit, $pipes);
        if ($process === false) {
            return;
        }
        $code = null;
        try {
            fclose($pipes[0]);
            // Output is read as it comes, so what a program says wrong must not fill its pipe unread.
            stream_set_blocking($pipes[2], false);
            for ($rest = ''; !feof($pipes[1]);) {
                $pieces = explode("\n", $rest . (string) fread($pipes[1], 65536));
                $rest = array_pop($pieces);
                yield from $pieces;
                fread($pipes[2], 65536);
            }
            if ($rest !== '') {
                yield $rest;
            }
            $code = self::await($process, hrtime(true) / 1e9 + 1);
        } finally {
            if ($code === null) {
                self::finish($process);
            }
            foreach (array_filter($pipes, 'is_resource') as $pipe) {
                fclose($pipe);
            }
            $closed = proc_close($process);
        }
        $succeeded = ($code === -1 || $code === null ? $closed : $code) === 0;
    }

    /**
     * Kernel variables by name; a variable that this kernel lacks is absent.
     *
     * @return array<string, string>
     */
    public static function sysctl(string ...$names): array
    {
        $values = [];
        foreach (explode("\n", self::run(['/sbin/sysctl', ...$names])['stdout']) as $line) {
            if (preg_match('/^([a-z0-9_.%]+)[:=] ?(.*)$/i', $line, $match)) {
                $values[$match[1]] = $match[2];
            }
        }
        return $values;
    }

    /** A part of the configuration as texts and lists of texts; presence flags become the empty text. */
    public static function plain(mixed $node): mixed
    {
        return is_array($node) ? array_map([self::class, 'plain'], $node) : (is_bool($node) ? '' : (string) $node);
    }

    /**
     * Entries of a list of the configuration, each with the named fields only.
     *
     * @return list<array<string, mixed>>
     */
    public static function entries(string $path, array $fields): array
    {
        $entries = array_filter((array) config_get_path($path, []), 'is_array');
        $wanted = array_flip($fields);
        return array_values(array_map(static fn (array $entry): array => self::plain(array_intersect_key($entry, $wanted)), $entries));
    }

    /** Whether an address lies in a network, given in packed form with its number of bits. */
    public static function isInNetwork(string $address, string $network, int $bits): bool
    {
        $packed = @inet_pton($address);
        if ($packed === false || strlen($packed) !== strlen($network)) {
            return false;
        }
        $bytes = intdiv($bits, 8);
        $mask = (0xff00 >> ($bits % 8)) & 0xff;
        return strncmp($packed, $network, $bytes) === 0 && ($mask === 0 || (ord($packed[$bytes]) & $mask) === (ord($network[$bytes]) & $mask));
    }

    /** For the runner: starts the clock of a call. */
    public static function begin(float $seconds): void
    {
        self::$end = hrtime(true) / 1e9 + $seconds;
        self::$warnings = [];
    }

    /** For the runner: which file the configuration in memory was read from. */
    public static function noteConfig(string $mark): void
    {
        self::$configMark = $mark;
    }

    /** `mtime.size.inode` of the config.xml that the configuration in memory was read from. */
    public static function configMark(): string
    {
        return self::$configMark;
    }

    /** For the runner: the remarks of the call. */
    public static function warnings(): array
    {
        return self::$warnings;
    }

    private static function open(array $argv, float $limit, ?array &$pipes)
    {
        if (!str_starts_with($argv[0] ?? '', '/')) {
            self::fail('snippet_failed', 'A program has to be named by its absolute path.');
        }
        // --foreground: without it FreeBSD's timeout ends every daemon that was started below it.
        $guard = is_executable('/usr/bin/timeout')
            ? ['/usr/bin/timeout', '--foreground', '-k', '1', sprintf('%.2F', $limit)]
            : [];
        $ends = [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']];
        return @proc_open([...$guard, ...array_map('strval', $argv)], $ends, $pipes, '/', self::ENVIRONMENT);
    }

    private static function take($process, array $pipes, string $stdin): array
    {
        if ($stdin !== '') {
            @fwrite($pipes[0], $stdin);
        }
        fclose($pipes[0]);
        $stdout = (string) stream_get_contents($pipes[1], self::OUTPUT_LIMIT);
        $stderr = (string) stream_get_contents($pipes[2], self::OUTPUT_LIMIT);
        fclose($pipes[1]);
        fclose($pipes[2]);
        return self::result(proc_close($process), $stdout, $stderr);
    }

    private static function follow($process, array $pipes, string $stdin, float $limit): array
    {
        // timeout(1) ends the program; where it is missing, or is itself stuck, this does.
        $give = hrtime(true) / 1e9 + $limit + (is_executable('/usr/bin/timeout') ? 2 : 0);
        $text = [1 => '', 2 => ''];
        array_walk($pipes, static fn ($pipe) => stream_set_blocking($pipe, false));
        $open = [1 => $pipes[1], 2 => $pipes[2]];
        $code = null;
        $isCut = true;
        try {
            while ($open !== [] && hrtime(true) / 1e9 < $give && strlen($text[1]) < self::OUTPUT_LIMIT) {
                $readable = array_values($open);
                $writable = $stdin === '' ? [] : [$pipes[0]];
                if ($stdin === '' && is_resource($pipes[0])) {
                    fclose($pipes[0]);
                }
                $none = null;
                $ready = @stream_select($readable, $writable, $none, 0, 100000);
                if ($writable !== [] && $ready) {
                    $sent = @fwrite($pipes[0], substr($stdin, 0, 65536));
                    $stdin = $sent === false ? '' : substr($stdin, $sent);
                }
                foreach ($open as $n => $pipe) {
                    $text[$n] .= (string) fread($pipe, 65536);
                    if (strlen($text[2]) > self::OUTPUT_LIMIT) {
                        $text[2] = substr($text[2], 0, self::OUTPUT_LIMIT);
                    }
                    if (feof($pipe)) {
                        unset($open[$n]);
                    }
                }
                // A background child may hold the pipes open for ever; the program's own end is what counts.
                $status = $code === null ? proc_get_status($process) : null;
                if ($status !== null && !$status['running']) {
                    $code = $status['exitcode'];
                } elseif ($code !== null && !$ready) {
                    break;
                }
            }
            $code ??= self::await($process, $open === [] ? $give : 0);
            $isCut = $code === null;
        } finally {
            $code ??= self::finish($process);
            foreach (array_filter($pipes, 'is_resource') as $pipe) {
                fclose($pipe);
            }
            proc_close($process);
        }
        $isFull = strlen($text[1]) >= self::OUTPUT_LIMIT;
        return self::result($isCut && !$isFull ? self::TIMED_OUT : $code, $text[1], $text[2]);
    }

    /** A program may close its outputs and work on. */
    private static function await($process, float $until): ?int
    {
        do {
            $status = proc_get_status($process);
            if (!$status['running']) {
                return $status['exitcode'];
            }
            usleep(5000);
        } while (hrtime(true) / 1e9 < $until);
        return null;
    }

    private static function finish($process): int
    {
        proc_terminate($process, 15);
        $code = self::await($process, hrtime(true) / 1e9 + 0.5);
        if ($code === null) {
            proc_terminate($process, 9);
        }
        return $code ?? -1;
    }

    private static function result(int $code, string $stdout, string $stderr): array
    {
        return [
            'code' => $code,
            'stdout' => $stdout,
            'stderr' => $stderr,
            'timedOut' => $code === self::TIMED_OUT || $code === 137,
            'truncated' => strlen($stdout) >= self::OUTPUT_LIMIT,
        ];
    }
}

/** The loop of one session. */
final class McpRunner
{
    private const IDLE_SECONDS = 320;
    private const REQUEST_LIMIT = 8388608;
    private const REPLY_LIMIT = 16777216;
    private const STRAY_LIMIT = 16384;
    private const CONFIG = '/cf/conf/config.xml';
    private const MEMORIES = ['GatewaysCache', 'GatewaysStatus', 'interface_arr_cache', 'interface_ip_arr_cache', 'interface_sn_arr_cache',
        'interface_ipv6_arr_cache', 'interface_snv6_arr_cache', 'interface_llv6_arr_cache'];
    private const JSON = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE
        | JSON_PRESERVE_ZERO_FRACTION;

    private static string $nonce;
    private static $in;
    private static $out;
    private static array $snippets = [];
    /** By hash. */
    private static array $needsConfig = [];
    private static ?array $call = null;
    private static bool $isTimed = false;
    private static float $began = 0;
    private static string $stray = '';
    private static string $configStamp = '';
    private static bool $isSettled = false;
    private static string $codeStamp = '';

    /** Announces the session and answers calls until stdin ends. Never returns. */
    public static function serve(string $nonce): never
    {
        self::$nonce = $nonce;
        self::$in = fopen('php://stdin', 'r');
        self::$out = fopen('php://stdout', 'w');
        self::$codeStamp = self::codeStamp();
        register_shutdown_function([self::class, 'lastWords']);
        set_error_handler([self::class, 'noteWarning']);
        if (function_exists('pcntl_async_signals')) {
            pcntl_async_signals(true);
            pcntl_signal(SIGALRM, [self::class, 'overdue']);
            // Caught, not ignored: what is ignored stays so in every program that is started from here.
            pcntl_signal(SIGPIPE, static fn () => null);
        }
        self::discardOutput(static fn () => self::readConfig());
        self::reply(self::hello());
        while (($request = self::read()) !== null) {
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
        self::finish(['ok' => false, 'error' => self::error('snippet_failed', 'PHP ended during the call.', $detail), 'final' => true]);
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
            $reply = ['ok' => false, 'error' => self::error('box_timeout', 'The work took longer than the call allows.')];
        } catch (McpFailure $failure) {
            $reply = ['ok' => false, 'error' => self::error($failure->kind, $failure->getMessage())];
        } catch (Throwable $thrown) {
            $where = basename($thrown->getFile()) . ':' . $thrown->getLine();
            $detail = get_class($thrown) . ': ' . $thrown->getMessage() . " ($where)";
            $reply = ['ok' => false, 'error' => self::error('snippet_failed', 'PHP reported an error.', $detail)];
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
        if (self::codeStamp() !== self::$codeStamp) {
            McpBox::fail('recycle', 'The code on the firewall changed since the session began.');
        }
        $hash = (string) ($request['sha256'] ?? '');
        if (!isset(self::$snippets[$hash])) {
            self::$snippets[$hash] = self::load($hash, $request['source'] ?? null);
        }
        if (self::$needsConfig[$hash]) {
            self::refreshConfig();
        }
        self::forget();
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

    private static function refreshConfig(): void
    {
        if ((self::stamp([self::CONFIG]) !== self::$configStamp || !self::$isSettled) && !self::readConfig()) {
            McpBox::fail('config_unreadable', 'The configuration file of the firewall is missing or damaged.');
        }
    }

    /**
     * Reads config.xml into this process alone. pfSense's own reader would also write /tmp/config.cache, with what may
     * be old by then and without a lock, and on 2.7 put a backup in the place of a file that it cannot parse: a GUI that
     * saves next would take the one, and an administrator's edit be lost with the other. The cache as it was loaded
     * with config.inc is not trusted either.
     */
    private static function readConfig(): bool
    {
        if (!function_exists('parse_xml_config') || !function_exists('g_get')) {
            return true;
        }
        for ($tries = 0; $tries < 5; $tries++) {
            $stamp = self::stamp([self::CONFIG]);
            $began = time();
            $tree = parse_xml_config(self::CONFIG, [g_get('xml_rootobj'), 'pfsense']);
            if (is_array($tree) && $tree !== [] && self::stamp([self::CONFIG]) === $stamp) {
                $GLOBALS['config'] = $tree;
                self::$configStamp = $stamp;
                // Times know seconds only: what was written within this one may be written again without a trace.
                self::$isSettled = $began - (int) @filemtime(self::CONFIG) > 1;
                McpBox::noteConfig($stamp);
                return true;
            }
            // Somebody may be writing it in place.
            usleep(50000);
        }
        return false;
    }

    /** What pfSense's functions keep for the length of a page view would be old in a process that lives for minutes. */
    private static function forget(): void
    {
        foreach (self::MEMORIES as $name) {
            $GLOBALS[$name] = null;
        }
    }

    /** Changes with an upgrade, a package or a patch: then this process holds old code and must not go on. */
    private static function codeStamp(): string
    {
        return self::stamp(['/etc/version', '/etc/inc', '/usr/local/pkg']);
    }

    private static function stamp(array $paths): string
    {
        clearstatcache();
        $marks = [];
        foreach ($paths as $path) {
            $stat = @stat($path);
            $marks[] = $stat === false ? '-' : "{$stat['mtime']}.{$stat['size']}.{$stat['ino']}";
        }
        return implode(' ', $marks);
    }

    /** The next request, or null when nobody will ask any more. */
    private static function read(): ?array
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

    private static function error(string $code, string $message, string $detail = ''): array
    {
        return ['code' => $code, 'message' => $message, 'detail' => substr($detail, 0, 1000)];
    }

    private static function finish(array $reply): void
    {
        $ms = (hrtime(true) - self::$began) / 1e6;
        $reply += ['id' => self::$call['id'] ?? null, 'warnings' => McpBox::warnings(), 'ms' => round($ms, 3)];
        if (self::$stray !== '') {
            $reply['stray'] = self::$stray;
        }
        self::$call = null;
        self::reply($reply);
    }

    private static function reply(array $reply): void
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
                self::$call = null;
                exit(0);
            }
            $sent += $piece;
        }
        fflush(self::$out);
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
