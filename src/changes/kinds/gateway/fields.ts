import { parseAddress } from '../../../config/address.ts';
import type { ConfigSection } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { type Fields, flag, given, sectionIn } from '../fields.ts';
import type { GatewayChanges } from './arguments.ts';

/** As pfSense's page writes them. */
const ORDER = `interface gateway name weight ipprotocol interval time_period alert_interval descr monitor_disable
  action_disable nonlocalgateway dpinger_dont_add_static_route force_down gw_down_kill_states monitor data_payload
  latencylow latencyhigh losslow losshigh loss_interval disabled`.split(/\s+/);

/** Numbers of the monitor, by the key that holds them; a number that is not set is absent. */
const NUMBERS = {
  latencylow: 'latencyLowMs',
  latencyhigh: 'latencyHighMs',
  losslow: 'lossLowPercent',
  losshigh: 'lossHighPercent',
  interval: 'probeIntervalMs',
  loss_interval: 'lossIntervalMs',
  time_period: 'timePeriodMs',
  alert_interval: 'alertIntervalMs',
  data_payload: 'payloadBytes',
} as const;

/**
 * The keys that the given arguments are about.
 * @throws PfsenseError `bad_input`
 */
export function gatewayFieldsOf(args: GatewayChanges): Fields {
  return {
    ...given('interface', args.interface),
    ...given('gateway', args.address && readGatewayAddress(args.address)),
    ...given('descr', args.description),
    ...given('weight', args.weight === undefined ? undefined : String(args.weight)),
    ...flag('disabled', args.disabled),
    ...(args.monitor === undefined ? {} : { monitor: args.monitor ? readMonitor(args.monitor) : undefined }),
    ...flag('monitor_disable', not(args.monitoring)),
    ...flag('action_disable', not(args.monitorAction)),
    ...flag('dpinger_dont_add_static_route', not(args.monitorRoute)),
    ...flag('force_down', args.forceDown),
    ...flag('nonlocalgateway', args.nonLocal),
    ...given('gw_down_kill_states', args.killStates === 'default' ? '' : args.killStates),
    ...Object.fromEntries(
      Object.entries(NUMBERS).flatMap(([key, argument]) => {
        const value = args[argument];
        return value === undefined ? [] : [[key, value === null ? undefined : String(value)]];
      }),
    ),
  };
}

/** A gateway with its keys in pfSense's order. */
export function gatewayOf(fields: Fields): ConfigSection {
  return sectionIn(ORDER, fields);
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function readGatewayAddress(text: string): string {
  if (text === 'dynamic' || parseAddress(text) !== undefined) return text.toLowerCase();
  throw refused("address: neither an IP address nor 'dynamic'.");
}

function readMonitor(text: string): string {
  if (parseAddress(text) !== undefined) return text.toLowerCase();
  throw refused('monitor: no IP address.');
}
