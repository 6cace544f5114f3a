import { type ConfigTree, textAt } from '../../../config/model.ts';
import { portNumber } from '../port.ts';

const WITH_PORTS = new Set(['tcp', 'udp', 'tcp/udp', 'sctp']);

export function hasPorts(forward: ConfigTree): boolean {
  return WITH_PORTS.has((textAt(forward, 'protocol') ?? '').toLowerCase());
}

/** First and last port of a range of numbers; undefined for an alias or none. */
export function rangeOf(port: string | undefined): readonly [number, number] | undefined {
  const [from = '', to = from] = (port ?? '').split('-');
  const [first, last] = [portNumber(from), portNumber(to)];
  return first === undefined || last === undefined ? undefined : [first, last];
}

/** The ports at the target, as its filter rule has them: as many as there are at the destination. */
export function targetPorts(forward: ConfigTree): string | undefined {
  const local = textAt(forward, 'local-port') ?? '';
  if (!hasPorts(forward) || local === '') return undefined;
  const first = portNumber(local);
  const [from, to] = rangeOf(textAt(forward, 'destination/port')) ?? [0, 0];
  return first === undefined || to === from ? local : `${local}-${first + to - from}`;
}
