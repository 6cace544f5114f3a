import { setTimeout as sleep } from 'node:timers/promises';
import { type Box, type LiveAccess, liveOf } from '../../src/pfsense/box.ts';

export const MOMENTS = ['during', 'after'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What happens at a step: told before it, and asked to strike in its middle and right after it. */
export interface Watcher {
  before(name: string): Promise<void> | void;
  at(name: string, moment: Moment): Promise<void> | void;
}

/** How far a step has come when something happens in its middle. */
const MIDDLE_MS = 15;

/** The firewall as the driver sees it, with somebody who watches every step that it takes there. */
export function watched(box: Box, watcher: Watcher): Box {
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    await watcher.before(name);
    const result = work();
    await Promise.race([sleep(MIDDLE_MS), result.catch(() => undefined)]);
    await watcher.at(name, 'during');
    const value = await result;
    await watcher.at(name, 'after');
    return value;
  };
  const live = liveOf(box);
  const watchedLive: LiveAccess = {
    ...live,
    readDocument: () => step('read', () => live.readDocument()),
    startDetached: (folder, names) => step(`start ${names.join(' ')}`, () => live.startDetached(folder, names)),
    reconnect: () => step('reconnect', () => live.reconnect()),
    hostKey: () => step('host key', () => live.hostKey()),
  };
  return {
    name: box.name,
    signal: box.signal,
    live: watchedLive,
    call: (snippet, input) => step(snippet.id.replace('change/', ''), () => box.call(snippet, input)),
  };
}
