import { type ConfigTree, entriesAt, isList, listAt, textAt } from '../../config/model.ts';

/** Names of the traffic shaper's queues. */
export function shaperQueues(config: ConfigTree): string[] {
  return listAt(config, 'shaper/queue').flatMap(queuesBelow);
}

function queuesBelow(queue: ConfigTree): string[] {
  return [textAt(queue, 'name') ?? '', ...listAt(queue, 'queue').flatMap(queuesBelow)].filter((name) => name !== '');
}

/** A limiter itself, or a queue within one: the two directions of a rule need the same. */
export type LimiterKind = 'limiter' | 'queue';

/** Which of both has this name; undefined when none has. */
export function limiterKind(config: ConfigTree, name: string): LimiterKind | undefined {
  const limiters = listAt(config, 'dnshaper/queue');
  if (limiters.some((limiter) => textAt(limiter, 'name') === name)) return 'limiter';
  const children = limiters.flatMap((limiter) =>
    entriesAt(limiter, '').flatMap(([key, child]) => (key === 'queue' && isList(child) ? child : [])),
  );
  return children.some((child) => textAt(child, 'name') === name) ? 'queue' : undefined;
}
