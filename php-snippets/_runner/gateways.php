<?php
/** The gateways and what their monitors (dpinger) say. Needs gwlb.inc. */
final class McpGateways
{
    /** For all monitors together, and for one of them. */
    private const SECONDS = 3;
    private const SECONDS_EACH = 1;

    /**
     * Every gateway that pfSense knows, each with what its monitor says; null where none runs or none answered.
     *
     * @return list<array{gateway: array, state: array<string, mixed>|null}>
     */
    public static function all(): array
    {
        $gateways = (array) (function_exists('get_gateways')
            ? get_gateways(GW_CACHE_DISABLED | GW_CACHE_INACTIVE) : return_gateways_array(true, false, true));
        $states = self::states($gateways);
        $rows = [];
        foreach ($gateways as $key => $gateway) {
            $name = (string) ($gateway['name'] ?? $key);
            $rows[] = ['gateway' => ['name' => $name] + $gateway, 'state' => $states[$name] ?? null];
        }
        return $rows;
    }

    /**
     * pfSense's judgement by gateway. Its own function waits up to 3 s for each monitor that has just started and a
     * minute for one that hangs: here the one is `pending`, and the other, like one that there was no time for, absent.
     */
    private static function states(array $gateways): array
    {
        $end = hrtime(true) / 1e9 + min(self::SECONDS, McpBox::secondsLeft() / 2);
        // pfSense 2.7 looks the process up by the gateway's name, later ones are given it.
        $takesProcess = ((new ReflectionFunction('get_dpinger_status'))->getParameters()[1] ?? null)?->getName() === 'proc';
        $states = [];
        foreach (running_dpinger_processes() as $name => $process) {
            $left = $end - hrtime(true) / 1e9;
            $isReady = $left > 0 ? self::isReady((string) $process['socket'], min($left, self::SECONDS_EACH)) : null;
            if ($isReady === false) {
                $states[$name] = ['status' => 'pending', 'monitorip' => $process['targetip']];
            } elseif ($isReady) {
                $said = $takesProcess
                    ? get_dpinger_status($gateways[$name] ?? $name, $process)
                    : get_dpinger_status($name, $gateways, $gateways[$name]['action_disable'] ?? false);
                if (is_array($said)) {
                    $states[$name] = self::state($said);
                }
            }
        }
        return $states;
    }

    /** Whether a monitor has measured anything yet: before that it answers with its name and zeroes. Null: no answer. */
    private static function isReady(string $path, float $seconds): ?bool
    {
        $socket = @stream_socket_client("unix://$path", $code, $message, $seconds);
        if ($socket === false) {
            return null;
        }
        stream_set_timeout($socket, 0, (int) ($seconds * 1e6));
        $field = explode(' ', trim((string) fgets($socket, 1024)));
        fclose($socket);
        return count($field) < 4 ? null : $field[count($field) - 2] !== '0' || $field[count($field) - 1] !== '0';
    }

    private static function state(array $said): array
    {
        return [
            'status' => (string) $said['status'],
            'substatus' => (string) $said['substatus'],
            'monitorip' => (string) $said['targetip'],
            'delayMs' => (float) $said['latency_avg'],
            'deviationMs' => (float) $said['latency_stddev'],
            'lossPercent' => round((float) $said['loss'], 1),
        ];
    }
}
