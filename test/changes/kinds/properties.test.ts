import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder, rulesOf } from '../../../src/changes/kinds/firewall_rule/list.ts';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { operationsBetween } from '../../../src/changes/operation.ts';
import { type ConfigTree, listAt, textAt } from '../../../src/config/model.ts';
import { applied } from './applied.ts';
import { requestsOn } from './requests.ts';
import { pageOf, sample } from './sample.ts';

const base = sample();

/** Sections that a family of kinds may touch. */
const TOUCHES: Readonly<Record<string, RegExp>> = {
  firewall_rule: /^(filter\/rule|filter\/separator\/\w+(\/sep\d+\/row)?|nat\/rule)$/,
  firewall_separator: /^filter\/separator(\/\w+)*$/,
  alias: /^(aliases\/alias|filter\/rule|nat\/(rule|onetoone|outbound\/rule)|staticroutes\/route|openvpn\/openvpn-\w+)$/,
  schedule: /^schedules\/schedule$/,
  nat_port_forward: /^(nat\/rule|filter\/rule|(nat|filter)\/separator\/\S+)$/,
  nat_outbound: /^nat\/outbound\/(rule|mode)$/,
  nat_one_to_one: /^nat\/onetoone$/,
  nat_npt: /^nat\/npt$/,
  static_route: /^staticroutes\/route$/,
  gateway: /^(gateways\/(gateway_item|defaultgw[46])|interfaces\/\w+\/gateway(v6)?)$/,
  dhcp_server: /^dhcpd\/\w+(\/\w+)*$/,
  dns_resolver: /^unbound\/\w+$/,
  dns_forwarder: /^dnsmasq(\/\w+)?$/,
  dhcp_mapping: /^dhcpd\/\w+(\/staticmap)?$/,
  dns_host_override: /^(unbound|dnsmasq)(\/hosts)?$/,
  dns_domain_override: /^(unbound|dnsmasq)(\/domainoverrides)?$/,
  gateway_group: /^gateways\/gateway_group$/,
  interface: /^(interfaces\/\w+(\/[\w-]+)?|filter\/rule|dhcpd(v6)?\/\w+)$/,
  vlan: /^(vlans\/vlan|interfaces\/\w+\/if)$/,
  virtual_ip: /^(virtualip\/vip|nat\/rule|nat\/outbound\/rule)$/,
  user: /^system\/(user|group|nextuid)$/,
  group: /^system\/(group|nextgid)$/,
  cron: /^cron(\/item)?$/,
  sysctl: /^sysctl(\/item)?$/,
  notification: /^notifications(\/|$)/,
  config: /^(syslog|ntpd|wol|mcp-test)(\/|$)/,
  revision: /^(?!revision|version)/,
  object:
    /^(filter\/rule|filter\/separator\/\S+|nat\/\S+|(aliases|schedules|gateways|staticroutes|virtualip|vlans)\/\w+|(unbound|dnsmasq)\/\w+|dhcpd\/\w+(\/staticmap)?)$/,
};

describe.each(KINDS.map(({ id }) => id))('%s', (id) => {
  test('applied again changes nothing, and nothing else is touched', () => {
    const family = KINDS.map((kind) => kind.id).filter((other) => other.split('.')[0] === id.split('.')[0]);
    // Much of what there is, is in use and cannot be deleted: what was just made can.
    const makers = family.filter((other) => /\.(?:add|create)$/.test(other));
    const ways = [requestsOn(base, ...family), ...(makers.length > 0 ? [requestsOn(base, ...makers)] : [])];
    const before = fc.oneof(requestsOn(base), ...ways);
    let accepted = 0;
    let changing = 0;
    fc.assert(
      fc.property(fc.array(before, { maxLength: 3 }), requestsOn(base, id), (steps, step) => {
        const start = steps.reduce((config: ConfigTree, one) => applied(config, one) ?? config, base);
        const next = applied(start, step);
        if (next === undefined) return;
        accepted += 1;
        expect(applied(next, step)).toBe(next);
        if (next === start) return;
        changing += 1;
        const paths = operationsBetween(start, next).map(({ path }) => path.join('/'));
        expect(paths.filter((path) => !TOUCHES[id.split('.')[0] ?? '']?.test(path))).toEqual([]);
        const isSorting = /^(?:firewall_rule|nat_port_forward)/.test(id);
        if (isSorting && paths.includes('filter/rule')) expect(rulesOf(next)).toEqual(inOrder(rulesOf(next)));
      }),
      { numRuns: 200 },
    );
    // The arguments are drawn by lot, so these only show that the property was about something.
    expect(accepted).toBeGreaterThan(3);
    expect(changing).toBeGreaterThan(0);
  });
});

test('separators keep the rules below them, whatever is added, moved or deleted', () => {
  const headings = (config: ConfigTree, tab: string, rules: ReadonlySet<string>): string[] =>
    pageOf(config, tab).filter((row) => row.startsWith('#') || rules.has(row));
  fc.assert(
    fc.property(
      fc.array(requestsOn(base, 'firewall_rule.add', 'firewall_rule.move', 'firewall_rule.delete'), { maxLength: 6 }),
      (steps) => {
        let config = base;
        for (const step of steps) {
          const next = applied(config, step) ?? config;
          const moved = new Set([String(step.args['tracker'] ?? '')]);
          for (const tab of ['Guests', 'lan', 'opt1', 'floating']) {
            const [before, after] = [config, next].map((one) => new Set(pageOf(one, tab)));
            const both = new Set([...(before ?? [])].filter((row) => after?.has(row) && !moved.has(row)));
            expect(headings(next, tab, both)).toEqual(headings(config, tab, both));
          }
          config = next;
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('trackers and ids stay unique', () => {
  fc.assert(
    fc.property(fc.array(requestsOn(base), { maxLength: 12 }), (steps) => {
      const config = steps.reduce((tree: ConfigTree, step) => applied(tree, step) ?? tree, base);
      const trackers = listAt(config, 'filter/rule').map((rule) => textAt(rule, 'tracker'));
      expect(new Set(trackers).size).toBe(trackers.length);
      const links = listAt(config, 'nat/rule').map((rule) => textAt(rule, 'associated-rule-id') ?? '');
      const linked = links.filter((link) => link.startsWith('nat_'));
      expect(new Set(linked).size).toBe(linked.length);
      for (const link of linked)
        expect(
          listAt(config, 'filter/rule').filter((rule) => textAt(rule, 'associated-rule-id') === link),
        ).toHaveLength(1);
    }),
    { numRuns: 100 },
  );
});

test.each(KINDS.map((kind) => [kind.id, kind] as const))('%s shows an example that its schema accepts', (_id, kind) => {
  expect(kind.input.safeParse(kind.example)).toMatchObject({ success: true });
  const undescribed = Object.entries(kind.input.shape).filter(([, field]) => String(field).length === 0);
  expect(undescribed).toEqual([]);
  expect(kind.input.safeParse({ ...kind.example, unknownArgument: 1 }).success).toBe(false);
});
