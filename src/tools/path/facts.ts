import type { Facts } from '../../whatif/facts.ts';
import type { Live } from './snippet.ts';

/** What the evaluator may know of the firewall as it is now; nothing of a saved configuration. */
export function factsOf(live: Live | null): Facts {
  if (live === null) return {};
  const { addresses, devices, tables, anchors, gateways, localTime } = live;
  return {
    devices,
    localTime,
    ...(gateways === null ? {} : { gateways }),
    ...(addresses === null ? {} : { addresses }),
    ...(tables === null ? {} : { tables }),
    ...(anchors === null ? {} : { anchors }),
  };
}
