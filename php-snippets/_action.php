<?php
/**
 * Carries an action out that was prepared in its folder. A process of its own with nothing above it, so that neither a
 * lost connection nor a deadline ends it half way, and what it starts keeps nothing of a session.
 *
 * @effect dangerous
 * @class  dangerous
 * @since  2.7.0
 */
set_time_limit(0);
ignore_user_abort(true);
require_once 'config.inc';
require_once 'functions.inc';
require_once 'util.inc';
require_once 'filter.inc';
require_once 'shaper.inc';
require_once __DIR__ . '/runner.php';

/** One action, in its folder. */
final class McpErrand
{
    private array $order;

    public function __construct(private string $folder)
    {
        $this->order = McpChange::facts($folder, 'act.json') ?? [];
    }

    /** Takes the action for this process, once in its life; the mark is not handed on to daemons started from here. */
    public function take(): bool
    {
        $mark = @fopen("{$this->folder}/acting", 'r+e');
        for ($tries = 0; $mark !== false && $tries < 50; $tries++) {
            // Somebody who looks whether it is taken holds it for a moment.
            if (flock($mark, LOCK_EX | LOCK_NB)) {
                $GLOBALS['mcpMark'] = $mark;
                return $this->order !== [] && !is_file("{$this->folder}/done.json") && @fopen("{$this->folder}/begun", 'x') !== false;
            }
            usleep(100000);
        }
        return false;
    }

    /** Leaves a line in the log of the firewall, for those who look there. */
    public function announce(): void
    {
        $line = "pfsense-mcp: {$this->order['action']}, allowed by {$this->order['person']}: {$this->order['reason']}";
        if (function_exists('log_error')) {
            log_error($line);
        } elseif (function_exists('logger')) {
            logger(LOG_NOTICE, $line);
        }
    }

    /** What hangs, as one does that waits for a daemon to stop, would keep everything else out for ever. */
    public function limit(): void
    {
        if (function_exists('pcntl_alarm')) {
            pcntl_alarm((int) ($this->order['limitSeconds'] ?? 0));
        }
    }

    public function folder(): string
    {
        return $this->folder;
    }

    public function arguments(): array
    {
        return (array) json_decode((string) ($this->order['args'] ?? ''), true) + ['folder' => $this->folder];
    }

    /** Says how it ended, whole or not at all. */
    public function end(array $result): void
    {
        McpChange::note($this->folder, 'done.json', $result + ['at' => time()]);
        foreach (['acting', 'work.php', 'runner.php', 'action.php'] as $used) {
            @unlink("{$this->folder}/$used");
        }
    }
}

$mcpErrand = new McpErrand(__DIR__);
if (!$mcpErrand->take()) {
    exit(1);
}
$mcpResult = ['failure' => 'snippet_failed', 'problem' => 'PHP ended during the action.'];
register_shutdown_function(static function () use ($mcpErrand, &$mcpResult): void {
    $mcpErrand->end($mcpResult);
});
ob_start(static fn (): string => '', 4096);
try {
    $mcpErrand->limit();
    $mcpErrand->announce();
    // Included here, where globals are visible, as pfSense's own include files count on that.
    $mcpWork = require $mcpErrand->folder() . '/work.php';
    $mcpResult = ['facts' => $mcpWork($mcpErrand->arguments())];
} catch (McpFailure $mcpFailure) {
    $mcpResult = ['failure' => $mcpFailure->kind, 'problem' => $mcpFailure->getMessage()];
} catch (Throwable) {
    $mcpResult = ['failure' => 'snippet_failed', 'problem' => 'PHP reported an error in the action.'];
}
