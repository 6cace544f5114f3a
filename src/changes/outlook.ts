import { type ConfigTree, listAt, textAt } from '../config/model.ts';
import type { Judgement } from './lockout/judgement.ts';
import type { Draft } from './plan.ts';

/** What may go wrong with a change, for the person who decides. */
export interface Outlook {
  readonly risk: 'low' | 'medium' | 'high';
  readonly because: readonly string[];
}

type Reason = readonly [risk: Outlook['risk'], because: string];

const ORDER = ['low', 'medium', 'high'] as const;

/** Weighs a draft by what is known of it; the highest reason counts. */
export function outlookOf(draft: Draft, judgements: readonly Judgement[]): Outlook {
  const reasons: Reason[] = [...ofTrial(draft), ...ofObjects(draft), ...ofConnections(judgements)];
  const risk = ORDER.findLast((level) => reasons.some(([one]) => one === level)) ?? 'low';
  return { risk, because: reasons.filter(([level]) => level === risk).map(([, because]) => because) };
}

function ofTrial({ candidate, steps }: Draft): Reason[] {
  const found: Reason[] = [];
  if (candidate.parts.some(({ level }) => level === 'dangerous'))
    found.push(['high', 'a change of the level dangerous']);
  if (candidate.tier === 'durable') found.push(['medium', 'it has to be written before it can be tried']);
  const restarts = steps.filter(({ name }) => name !== 'filter').map(({ name }) => name);
  if (restarts.length > 0) found.push(['medium', `set up anew on the firewall: ${restarts.join(', ')}`]);
  return found;
}

function ofObjects({ diff, candidate, steps }: Draft): Reason[] {
  const found: Reason[] = [];
  const gone = diff.filter(({ change }) => change === 'removed').length;
  if (gone > 0) found.push(['medium', `${gone} ${gone === 1 ? 'object is' : 'objects are'} deleted`]);
  const killing = killedStates(candidate.config);
  if (killing !== undefined && steps.some(({ name }) => name === 'filter')) found.push(killing);
  return found;
}

/** While a gateway is down, every load of rules drops connections where the settings say so. */
function killedStates(config: ConfigTree): Reason | undefined {
  const gateways = listAt(config, 'gateways/gateway_item').map((one) => textAt(one, 'gw_down_kill_states'));
  const settings = [textAt(config, 'system/gw_down_kill_states'), ...gateways];
  if (settings.includes('all')) return ['high', 'while a gateway is down, loading rules ends every connection'];
  return settings.includes('down')
    ? ['medium', 'loading rules ends the connections of gateways that are down']
    : undefined;
}

function ofConnections(judgements: readonly Judgement[]): Reason[] {
  return judgements.flatMap(({ subject, verdict }): Reason[] => {
    if (verdict === 'unchanged') return [];
    return verdict === 'passes'
      ? [['medium', `other rules than now decide about ${subject}`]]
      : [['high', `${subject}: ${verdict}`]];
  });
}
