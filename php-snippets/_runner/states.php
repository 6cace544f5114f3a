<?php
/** States of pf as its listing shows them. */
final class McpStates
{
    /** Whether the first line of a state lies between two networks; one of them alone may be at either end. */
    public static function fits(string $line, ?array $from, ?array $to): bool
    {
        if (!preg_match('/^\S+ \S+ (\S+)(?: \((\S+)\))? (->|<-) (\S+)(?: \((\S+)\))?\s/', $line, $part)) {
            return false;
        }
        $left = self::addresses($part[1], $part[2]);
        $right = self::addresses($part[4], $part[5] ?? '');
        [$source, $destination] = $part[3] === '->' ? [$left, $right] : [$right, $left];
        if ($from !== null && $to !== null) {
            return self::isIn($source, $from) && self::isIn($destination, $to);
        }
        $network = $from ?? $to;
        return $network !== null && (self::isIn($source, $network) || self::isIn($destination, $network));
    }

    private static function addresses(string ...$ends): array
    {
        return array_map(static fn (string $end): string => (string) preg_replace('/\[\d+\]$|(?<=\d):\d+$/', '', $end), array_filter($ends, 'strlen'));
    }

    private static function isIn(array $addresses, array $network): bool
    {
        foreach ($addresses as $address) {
            if (McpBox::isInNetwork($address, (string) inet_pton($network['address']), $network['bits'])) {
                return true;
            }
        }
        return false;
    }
}
