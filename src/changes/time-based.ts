import { type ConfigTree, listAt, textAt, treeAt } from '../config/model.ts';

/**
 * Whether pfSense has to load the rules every quarter of an hour: a rule in force follows a schedule, or its limiter
 * does. When the answer changes, loading the rules makes pfSense add or remove a cron entry and write the
 * configuration itself, whatever is in its memory; see `withFilterCron`.
 */
export function isTimeBased(config: ConfigTree): boolean {
  const limiters = new Set(
    listAt(config, 'dnshaper/queue')
      .filter((limiter) => listAt(limiter, 'bandwidth/item').some(isScheduled))
      .map((limiter) => textAt(limiter, 'name')),
  );
  return listAt(config, 'filter/rule').some(
    (rule) =>
      treeAt(rule, 'disabled') === undefined &&
      ((textAt(rule, 'sched') ?? '') !== '' || limiters.has(textAt(rule, 'dnpipe') || 'none of them')),
  );
}

function isScheduled(bandwidth: ConfigTree): boolean {
  return (textAt(bandwidth, 'bwsched') ?? 'none') !== 'none';
}
