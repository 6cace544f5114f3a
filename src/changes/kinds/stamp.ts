import type { ConfigSection } from '../../config/model.ts';
import type { Occasion } from '../kind.ts';

/** What pfSense puts into `created` and `updated`. */
export function stampOf({ now, by }: Occasion): ConfigSection {
  return { time: String(now), username: by };
}
