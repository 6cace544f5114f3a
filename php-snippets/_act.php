<?php
/**
 * Carries a change out that cannot be tried without being written (as apply.php), and takes it back (as revert.php):
 * writes the configuration once, then brings the changed parts into force step by step. It lies in the folder of its
 * change and is a process of its own with nothing above it, so that neither a lost connection nor a deadline ends it
 * half way.
 *
 * @effect config
 * @class  config
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

/** One change, in its folder. */
final class McpAct
{
    private const CONFIG = '/cf/conf/config.xml';
    /** How long a process that is to be taken over may go on, in looks of half a second. */
    private const PATIENCE = 60;

    private array $order;
    private array $operations;

    public function __construct(private string $folder)
    {
        $this->order = McpChange::facts($folder, 'order.json') ?? [];
        $this->operations = McpChange::facts($folder, 'operations.json') ?? [];
    }

    /**
     * Writes the changed configuration, once in the life of the change.
     *
     * @return array{0: array, 1: array}|null the configuration before and after; null when nothing was written
     */
    public function write(): ?array
    {
        if (!$this->hold() || is_file("{$this->folder}/writing")) {
            return null;
        }
        if (!McpChange::isSwitchAlive($this->folder)) {
            return $this->giveUp('switch_dead');
        }
        if (!is_file("{$this->folder}/armed")) {
            return null;
        }
        if (@fopen("{$this->folder}/writing", 'x') === false) {
            return $this->giveUp('box_storage');
        }
        // Nothing at all when pfSense's lock was not to be had.
        $ends = McpConfig::alone(fn (): array => [$this->writeAlone()]);
        return $ends === null ? $this->giveUp('box_not_ready') : $ends[0];
    }

    private function writeAlone(): ?array
    {
        if (!McpConfig::read() || !McpConfig::isFrom($this->order['base'])) {
            return $this->giveUp('plan_stale');
        }
        $before = $GLOBALS['config'];
        McpConfig::assign($this->operations);
        $written = McpConfig::save($GLOBALS['config'], "{$this->order['description']} [{$this->order['mark']}]", $this->order['person']);
        if ($written === null) {
            if (hash_file('sha256', self::CONFIG) !== $this->order['base']) {
                $this->restore();
            }
            return $this->giveUp('box_storage');
        }
        if (!McpChange::note($this->folder, 'written', $written)) {
            $this->fail('box_storage');
            return null;
        }
        return [$before, $GLOBALS['config']];
    }

    /**
     * Takes the change out of whatever is written now; what others wrote meanwhile stays.
     *
     * @return array{0: array, 1: array}|null the configuration before and after; null when it was never written
     */
    public function unwrite(): ?array
    {
        if (!$this->takeOver()) {
            exit(1);
        }
        if (!is_file("{$this->folder}/writing")) {
            return null;
        }
        return McpConfig::alone(fn (): ?array => $this->unwriteAlone()) ?? exit(1);
    }

    private function unwriteAlone(): ?array
    {
        $base = @parse_xml_config("{$this->folder}/base.xml", [g_get('xml_rootobj'), 'pfsense']);
        if (!is_array($base)) {
            // The last resort put it back.
            return McpConfig::read() ? [$GLOBALS['config'], $GLOBALS['config']] : null;
        }
        if (!McpConfig::read()) {
            $this->restore();
            if (!McpConfig::read()) {
                return null;
            }
        }
        $current = $GLOBALS['config'];
        [$after, $conflicts] = McpMerge::revert($base, $this->operations, $current);
        if ($conflicts !== []) {
            McpChange::note($this->folder, 'conflicts', $conflicts);
        }
        if (McpMerge::isSame($current, $after)) {
            // Taken out before, by one that did not come to its end: it led from here to there all the same.
            McpPeer::synchronise();
            return [McpMerge::apply($base, $this->operations, $current)[0], $current];
        }
        $isOursAlone = hash_file('sha256', self::CONFIG) === (McpChange::facts($this->folder, 'written')['sha256'] ?? '');
        $unwritten = McpConfig::save($after, "undone: {$this->order['description']} [{$this->order['mark']}]", 'pfsense-mcp');
        if ($unwritten !== null) {
            McpChange::note($this->folder, 'unwritten', $unwritten);
        } else {
            if (!$isOursAlone) {
                return null;
            }
            $this->restore();
        }
        // Whoever wrote or had pfSense synchronise meanwhile sent our change to the other node as well.
        McpPeer::synchronise();
        return McpConfig::read() ? [$current, $GLOBALS['config']] : null;
    }

    /** Whether nobody brought the change back who had read it before it was taken out. */
    public function isOut(): bool
    {
        $base = is_file("{$this->folder}/writing") ? @parse_xml_config("{$this->folder}/base.xml", [g_get('xml_rootobj'), 'pfsense']) : null;
        return !is_array($base) || (McpConfig::read() && McpMerge::isSame(McpMerge::revert($base, $this->operations, $GLOBALS['config'])[0], $GLOBALS['config']));
    }

    /** @return list<array{name: string, subjects: list<string>}> in the order in which they are carried out */
    public function steps(): array
    {
        return $this->order['steps'];
    }

    public function folder(): string
    {
        return $this->folder;
    }

    /** Says how it was brought into force; without that it counts as failed. */
    public function report(array $steps): void
    {
        McpChange::note($this->folder, 'applied', ['steps' => $steps]) || $this->fail('box_storage');
    }

    /** Holds the change for this process alone; ends one that hangs in applying it. False: another undoes it. */
    private function takeOver(): bool
    {
        for ($waits = 0; ($lock = McpChange::hold($this->folder)) === null; $waits++) {
            $pid = (int) @file_get_contents("{$this->folder}/apply.pid");
            if ($waits === self::PATIENCE && $pid > 1) {
                $line = McpBox::run(['/bin/ps', '-o', 'args=', '-p', (string) $pid], '', 5)['stdout'];
                if (str_contains($line, "{$this->folder}/apply.php")) {
                    McpBox::run(['/bin/kill', '-9', (string) $pid], '', 5);
                }
            }
            if ($waits > self::PATIENCE + 4) {
                return false;
            }
        }
        $GLOBALS['mcpLock'] = $lock;
        return true;
    }

    /** Holds the change while it is applied. */
    private function hold(): bool
    {
        $GLOBALS['mcpLock'] = McpChange::hold($this->folder);
        return $GLOBALS['mcpLock'] !== null && (bool) @file_put_contents("{$this->folder}/apply.pid", (string) getmypid());
    }

    /** Puts the very file back that was there before; a rename needs no space. */
    private function restore(): void
    {
        $copy = self::CONFIG . '.mcp';
        if (!@copy("{$this->folder}/base.xml", $copy) || hash_file('sha256', $copy) !== $this->order['base']) {
            @unlink($copy);
            $copy = "{$this->folder}/base.xml";
        }
        rename($copy, self::CONFIG);
        @unlink('/tmp/config.cache');
    }

    /** Says what failed. A file with just that lies ready for a full disk. */
    private function fail(string $code): void
    {
        McpChange::note($this->folder, 'applied', ['failure' => $code, 'steps' => []]) || @rename("{$this->folder}/spare", "{$this->folder}/applied");
    }

    /** Nothing was written, so nothing has to be undone. */
    private function giveUp(string $code): null
    {
        $this->fail($code);
        @unlink("{$this->folder}/writing");
        McpChange::drop($this->folder, 'armed') || McpChange::drop($this->folder, 'prepared');
        return null;
    }
}

$mcpAct = new McpAct(__DIR__);
$mcpIsRevert = basename(__FILE__) === 'revert.php';
$mcpEnds = $mcpIsRevert ? $mcpAct->unwrite() : $mcpAct->write();
$mcpResults = [];
foreach ($mcpEnds === null ? [] : $mcpAct->steps() as $mcpStep) {
    clearstatcache();
    if (!$mcpIsRevert && !is_file($mcpAct->folder() . '/armed')) {
        break;
    }
    McpConfig::forget();
    try {
        // Included here, where globals are visible, as pfSense's own include files count on that.
        $mcpBring = require $mcpAct->folder() . "/step-{$mcpStep['name']}.php";
        $mcpProblem = $mcpBring($mcpStep['subjects'], $mcpEnds[0], $mcpEnds[1]);
    } catch (Throwable) {
        $mcpProblem = 'PHP reported an error in this step.';
    }
    $mcpResults[] = ['step' => $mcpStep['name'], 'problem' => $mcpProblem];
}
if ($mcpIsRevert) {
    McpChange::note($mcpAct->folder(), 'undone', ['steps' => $mcpResults]);
    // The switch tries again unless it is 0.
    exit($mcpAct->isOut() ? (array_filter(array_column($mcpResults, 'problem')) === [] ? 0 : 2) : 1);
}
if ($mcpEnds !== null) {
    $mcpAct->report($mcpResults);
}
