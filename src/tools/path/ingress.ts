import { type AddressValue, addressValue } from '../../config/address-set.ts';
import { holdsAddress } from '../../whatif/addresses.ts';
import type { Compiled } from '../../whatif/compile.ts';
import { interfaceOfDevice } from '../../whatif/network.ts';
import { routeTo, type WayOut } from '../../whatif/route.ts';
import type { Live } from './snippet.ts';

/** Where packets of a source come in: the firewall itself, an interface by its key or device, or nowhere that is known. */
export type Ingress =
  | { readonly kind: 'firewall' }
  | { readonly kind: 'interface'; readonly key: string }
  | { readonly kind: 'unknown' };

/** The interface that leads back to the source, which is where it comes in unless routing is lopsided. */
export function ingressOf(source: string, compiled: Compiled, live: Live | null): Ingress {
  const address = addressValue(source);
  if (address === undefined) return { kind: 'unknown' };
  if (holdsAddress(compiled.context.own.all, address, compiled.tables) === true) return { kind: 'firewall' };
  const way = wayTo(address, compiled, live?.back);
  if (way === undefined) return { kind: 'unknown' };
  const { interfaces } = compiled.context;
  return { kind: 'interface', key: interfaceOfDevice(interfaces, way.device)?.key ?? way.device };
}

/** The way the system takes. Its default route is no answer for a network that an interface is on. */
export function wayTo(address: AddressValue, compiled: Compiled, asked: Live['way'] | undefined): WayOut | undefined {
  const saved = routeTo(address, compiled.context);
  const found = asked?.found;
  if (!found || (found.isDefault && saved?.gateway === null)) return saved;
  return { device: found.device, gateway: found.gateway };
}
