import { type ConfigTree, textAt } from '../config/model.ts';

/** Generations of pfSense whose rules differ: 2.9 is what its main branch does today. */
export type Release = '2.7' | '2.8' | '2.9';

/** The generation that wrote a configuration: 23.3 is the last of 2.7, 24.0 the last of 2.8. */
export function releaseOfConfig(config: ConfigTree): Release {
  const [major = 0, minor = 0] = (textAt(config, 'version') || '99').split('.').map(Number);
  if (major < 23 || (major === 23 && minor <= 3)) return '2.7';
  return major === 23 || (major === 24 && minor === 0) ? '2.8' : '2.9';
}
