<?php
/** Runs programs without a shell, bounded in time and output. */
final class McpProgram
{
    private const OUTPUT_LIMIT = 8388608;
    /** Exit status of timeout(1) when it had to end its program. */
    private const TIMED_OUT = 124;
    private const ENVIRONMENT = [
        'PATH' => '/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin',
        'LC_ALL' => 'C',
    ];

    /**
     * Runs a program by its absolute path with an argument vector; no shell sees it.
     *
     * @return array{code: int, stdout: string, stderr: string, timedOut: bool, truncated: bool}
     */
    public static function run(array $argv, string $stdin = '', ?float $seconds = null): array
    {
        $limit = self::limit($seconds);
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
        $limit = self::limit($seconds);
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

    /** Time for a program, in seconds: what is asked, and no more than the call has left. */
    private static function limit(?float $seconds): float
    {
        return max(0.05, min($seconds ?? INF, McpBox::secondsLeft() - 0.1, 3600));
    }

    private static function open(array $argv, float $limit, ?array &$pipes)
    {
        if (!str_starts_with($argv[0] ?? '', '/')) {
            McpBox::fail('snippet_failed', 'A program has to be named by its absolute path.');
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
