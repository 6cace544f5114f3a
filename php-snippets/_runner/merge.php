<?php
/** Brings a change into a configuration that others may have written meanwhile, or takes it out of it again. */
final class McpMerge
{
    /** What tells one object of a list from another, best first. */
    private const IDENTITIES = ['tracker', 'refid', 'uniqid', 'uuid', 'name', 'vlanif', 'laggif', 'mac', 'tunable', 'network', 'host'];

    private static array $conflicts = [];

    /**
     * The configuration with operations carried out on it that were worked out for `$base`. What others made of the
     * same places stays as it is, and these are named.
     *
     * @param list<array{path: list<string>, value?: mixed}> $operations
     * @return array{0: array, 1: list<string>} configuration, paths
     */
    public static function apply(array $base, array $operations, array $current): array
    {
        return self::merge($operations, $current, static fn (array $operation): array => [self::at($base, $operation['path']), $operation['value'] ?? null]);
    }

    /** The configuration without what the operations brought, and with what they took from `$base`. */
    public static function revert(array $base, array $operations, array $current): array
    {
        return self::merge($operations, $current, static fn (array $operation): array => [$operation['value'] ?? null, self::at($base, $operation['path'])]);
    }

    /** Whether two parts of a configuration are the same once written: of an empty list nothing is. */
    public static function isSame(mixed $one, mixed $other): bool
    {
        return self::plain($one) === self::plain($other);
    }

    private static function merge(array $operations, array $current, Closure $ends): array
    {
        self::$conflicts = [];
        foreach ($operations as $operation) {
            [$from, $to] = $ends($operation);
            $merged = self::three($from, $to, self::at($current, $operation['path']), implode('/', $operation['path']));
            $current = self::with($current, $operation['path'], $merged);
        }
        return [$current, self::$conflicts];
    }

    /** What is to stand in a place that led from `$from` to `$to`, when `$there` stands in it now. Null is nothing. */
    private static function three(mixed $from, mixed $to, mixed $there, string $path): mixed
    {
        if (self::isSame($there, $to) || self::isSame($there, $from)) {
            return self::isSame($there, $to) ? $there : $to;
        }
        if (self::isListOrNothing($from) && self::isListOrNothing($to) && self::isListOrNothing($there)) {
            return self::lists(self::items($from), self::items($to), self::items($there), $path);
        }
        if (!self::isSectionOrNothing($from) || !self::isSectionOrNothing($to) || !self::isSectionOrNothing($there)) {
            self::$conflicts[] = $path;
            return $there;
        }
        $nothing = self::plain($to) === null ? null : '';
        [$from, $to, $merged] = [self::items($from), self::items($to), self::items($there)];
        foreach (array_keys($from + $to) as $name) {
            $child = self::three($from[$name] ?? null, $to[$name] ?? null, $merged[$name] ?? null, "$path/$name");
            if ($child === null) {
                unset($merged[$name]);
            } else {
                $merged[$name] = $child;
            }
        }
        return $merged === [] ? $nothing : $merged;
    }

    /** Lists item by item: ours in our order, those of others behind what they stood behind. */
    private static function lists(array $from, array $to, array $there, string $path): array
    {
        [$old, $new, $now] = [self::keyed($from), self::keyed($to), self::keyed($there)];
        $others = array_diff_key($now, $old, $new);
        $theirs = array_filter(array_map([self::class, 'identity'], $others), 'is_string');
        $kept = [];
        foreach ($new as $key => $item) {
            $isOurs = !isset($old[$key]) && !isset($now[$key]);
            if ($isOurs && in_array(self::identity($item), $theirs, true)) {
                self::$conflicts[] = "$path/" . self::identity($item);
            } elseif ($isOurs || isset($now[$key])) {
                $kept[$key] = $item;
            }
        }
        foreach (array_diff_key($old, $new, $now) as $item) {
            if (in_array(self::identity($item), $theirs, true)) {
                self::$conflicts[] = "$path/" . self::identity($item);
            }
        }
        self::$conflicts = array_values(array_unique(self::$conflicts));
        return array_values(self::placed($kept, $others, array_keys($now)));
    }

    private static function placed(array $kept, array $others, array $order): array
    {
        foreach ($order as $at => $key) {
            if (!isset($others[$key])) {
                continue;
            }
            $before = array_reverse(array_slice($order, 0, $at));
            $anchor = array_values(array_filter($before, static fn (string $one): bool => isset($kept[$one])))[0] ?? null;
            $place = $anchor === null ? 0 : array_search($anchor, array_keys($kept), true) + 1;
            $kept = array_slice($kept, 0, $place, true) + [$key => $others[$key]] + array_slice($kept, $place, null, true);
        }
        return $kept;
    }

    /** By content; the same content twice counts as two. */
    public static function keyed(array $items): array
    {
        $keyed = [];
        foreach ($items as $item) {
            $content = hash('sha256', serialize(self::plain($item)));
            for ($copy = 0; isset($keyed["$content $copy"]); $copy++) {
                continue;
            }
            $keyed["$content $copy"] = $item;
        }
        return $keyed;
    }

    private static function identity(mixed $item): ?string
    {
        foreach (is_array($item) ? self::IDENTITIES : [] as $name) {
            if (is_scalar($item[$name] ?? null) && (string) $item[$name] !== '') {
                return "$name=" . substr((string) $item[$name], 0, 60);
            }
        }
        return null;
    }

    /** A part as it reads back after it was written; null is nothing, and an empty element is something. */
    public static function plain(mixed $value): mixed
    {
        if (!is_array($value)) {
            return $value === null ? null : (is_bool($value) ? '' : (string) $value);
        }
        $plain = array_filter(array_map([self::class, 'plain'], $value), static fn (mixed $part): bool => $part !== null);
        if (!array_is_list($value)) {
            return $plain === [] ? '' : self::sorted($plain);
        }
        return array_values(array_filter($plain, static fn (mixed $item): bool => $item !== '')) ?: null;
    }

    private static function sorted(array $section): array
    {
        ksort($section, SORT_STRING);
        return $section;
    }

    private static function items(mixed $value): array
    {
        return is_array($value) ? $value : [];
    }

    /** Whether it is a list, or as good as none. */
    public static function isListOrNothing(mixed $value): bool
    {
        return $value === null || $value === '' || $value === [] || (is_array($value) && array_is_list($value));
    }

    /** Whether it is a section, or as good as none. */
    public static function isSectionOrNothing(mixed $value): bool
    {
        return $value === null || $value === '' || $value === [] || (is_array($value) && !array_is_list($value));
    }

    /** What stands in a place; null is nothing, and an empty element is something. */
    public static function at(array $tree, array $path): mixed
    {
        foreach ($path as $step) {
            if (!is_array($tree) || !array_key_exists($step, $tree)) {
                return null;
            }
            $tree = $tree[$step];
        }
        return $tree === null ? '' : $tree;
    }

    private static function with(array $tree, array $path, mixed $value): array
    {
        $step = array_shift($path);
        $child = $tree[$step] ?? null;
        $value = $value === [] ? null : $value;
        if ($path !== [] && ($value !== null || is_array($child))) {
            $value = self::with(is_array($child) ? $child : [], $path, $value) ?: '';
        } elseif ($path !== []) {
            $value = $child;
        }
        if ($value === null) {
            unset($tree[$step]);
        } else {
            $tree[$step] = $value;
        }
        return $tree;
    }
}
