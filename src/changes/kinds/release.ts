import { type ConfigTree, textAt } from '../../config/model.ts';

/** Whether the configuration is later than that of 2.7.2, whose format has version 23.3; 2.8.0 came with 24.0. */
export function isSince28(config: ConfigTree): boolean {
  return Number(textAt(config, 'version') ?? 0) > 23.3;
}
