import { type ConfigSection, type ConfigTree, listAt, textAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';

export function schedulesOf(config: ConfigTree): ConfigSection[] {
  return listAt(config, 'schedules/schedule').map(sectionOf);
}

export function indexOfSchedule(config: ConfigTree, name: string): number | undefined {
  const index = schedulesOf(config).findIndex((schedule) => textAt(schedule, 'name') === name);
  return index < 0 ? undefined : index;
}

/** Schedules are in the order of their names, by character codes. */
export function withSchedules(config: ConfigTree, schedules: readonly ConfigSection[]): ConfigTree {
  const name = (schedule: ConfigSection): string => textAt(schedule, 'name') ?? '';
  const sorted = [...schedules].sort((a, b) => Number(name(a) > name(b)) - Number(name(a) < name(b)));
  return withTree(config, ['schedules', 'schedule'], sorted);
}
