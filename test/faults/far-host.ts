import type { Strike } from './faults.ts';
import { FaultProxy } from './proxy.ts';
import { Relay, type RelayOptions } from './relay.ts';
import { answer } from './rpc.ts';

/** The far side of the wire as a process of its own, so that it can be stopped and killed like an sshd session. */
const armed: { strike?: Strike } = {};
const parts: { relay?: Relay; proxy?: FaultProxy } = {};

function both(): { relay: Relay; proxy: FaultProxy } {
  const { relay, proxy } = parts;
  if (!relay || !proxy) throw new Error('The far side is not open.');
  return { relay, proxy };
}

async function arm(strike: Strike): Promise<void> {
  const { relay, proxy } = both();
  if (strike.at === 'accept') return proxy.meet(strike.what);
  if (strike.at === 'session') {
    relay.meet(strike.what);
    // A fault of the login is only met by those who log in.
    if (['auth stall', 'auth reject', 'host key changed'].includes(strike.what)) proxy.cutAll();
    return;
  }
  if (strike.at === 'box') throw new Error('That is done on the firewall.');
  const { what } = strike;
  armed.strike = strike;
  const act = (): void => {
    // The fault may have been healed while the moment was on its way.
    if (armed.strike !== strike) return;
    if (what === 'SIGKILL' || what === 'SIGSTOP') process.kill(process.pid, what);
    else proxy.strike(what);
  };
  if (strike.at === 'request') relay.atRequest(act);
  else relay.atOutput(act);
}

answer({
  async open(options) {
    parts.relay = await Relay.open(options as RelayOptions);
    parts.proxy = await FaultProxy.open(parts.relay.port);
    return parts.proxy.port;
  },
  arm: (strike) => arm(strike as Strike),
  census() {
    const { relay, proxy } = both();
    return { channels: relay.channels, attempts: relay.attempts, accepted: proxy.accepted };
  },
  async heal() {
    const { relay, proxy } = both();
    delete armed.strike;
    relay.heal();
    await proxy.heal();
  },
});
