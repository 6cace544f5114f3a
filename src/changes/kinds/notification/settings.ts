import { type ConfigSection, type ConfigTree, treeAt } from '../../../config/model.ts';
import { sectionOf, withTree } from '../../../config/update.ts';
import { type Fields, withFields } from '../fields.ts';

export type Channel = 'smtp' | 'telegram' | 'pushover' | 'slack';

export function settingsOf(config: ConfigTree, channel: Channel): ConfigSection {
  return sectionOf(treeAt(config, `notifications/${channel}`));
}

/** With some settings of a channel changed; what it logs in with stays as it is. */
export function withSettings(config: ConfigTree, channel: Channel, fields: Fields, flags: Flags = {}): ConfigTree {
  const old = settingsOf(config, channel);
  const changed = Object.entries(flags).reduce(withFlag, withFields(old, fields));
  return changed === old ? config : withTree(config, ['notifications', channel], changed);
}

type Flags = Readonly<Record<string, boolean | undefined>>;

/** A setting that is on by being there and empty. */
function withFlag(section: ConfigSection, [key, isOn]: [string, boolean | undefined]): ConfigSection {
  if (isOn === undefined || isOn === (section[key] !== undefined)) return section;
  const { [key]: _old, ...others } = section;
  return isOn ? { ...others, [key]: '' } : others;
}
