import { type ConfigTree, listAt, textAt } from '../config/model.ts';
import { withTree } from '../config/update.ts';
import { isTimeBased } from './time-based.ts';

const COMMAND = '/etc/rc.filter_configure_sync';

/**
 * With its cron job for schedules set as pfSense will want it. Loading rules makes pfSense install or remove that job by
 * writing the configuration, which would make a change permanent that is only on trial; with the job already right it
 * has no reason to.
 */
export function withFilterCron(config: ConfigTree): ConfigTree {
  const items = listAt(config, 'cron/item');
  const installed = items.findIndex((item) => textAt(item, 'command')?.includes('filter_configure_sync'));
  if (isTimeBased(config) === installed >= 0) return config;
  const next = installed >= 0 ? items.filter((_item, index) => index !== installed) : [...items, JOB];
  return withTree(config, ['cron', 'item'], next);
}

const JOB = { minute: '0,15,30,45', hour: '*', mday: '*', month: '*', wday: '*', who: 'root', command: COMMAND };
