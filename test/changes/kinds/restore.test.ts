import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidateOf } from '../../../src/changes/candidate.ts';
import type { Occasion } from '../../../src/changes/kind.ts';
import { rulesOf, withRules } from '../../../src/changes/kinds/firewall_rule/list.ts';
import { KINDS } from '../../../src/changes/kinds/index.ts';
import { type ConfigTree, listAt, textAt, treeAt } from '../../../src/config/model.ts';
import { withoutTree, withTree } from '../../../src/config/update.ts';
import { PfsenseError } from '../../../src/core/errors.ts';
import { requestsOn } from './requests.ts';
import { objectsOf } from './requests-restore.ts';
import { change, OCCASION, OTHER_VERSION, pageOf, past, REVISION, sample, trackersOn } from './sample.ts';

const base = withRules(sample(), rulesOf(sample()));
const from = (tree: ConfigTree): Occasion => ({ ...OCCASION, supplies: { revisions: new Map([[REVISION, tree]]) } });
const restore = (config: ConfigTree, then: ConfigTree, object?: string): ConfigTree => {
  const [kind, args] = object === undefined ? ['revision.restore', {}] : ['object.restore', { object }];
  return candidateOf(config, [{ kind, args: { revision: REVISION, ...args } }], KINDS, from(then)).config;
};
const OWN = KINDS.map(({ id }) => id).filter((id) => !/^(config|revision|object)\./.test(id));

/** The configuration after some of these changes; what is refused is left out. */
function after(config: ConfigTree, steps: readonly { kind: string; args: Record<string, unknown> }[]): ConfigTree {
  return steps.reduce((tree: ConfigTree, step) => {
    try {
      return candidateOf(tree, [step], KINDS, OCCASION).config;
    } catch (error) {
      if (error instanceof PfsenseError) return tree;
      throw error;
    }
  }, config);
}

describe('a whole revision', () => {
  test('is the one of that time but for the note of the present one, whatever was changed since', () => {
    fc.assert(
      fc.property(fc.array(requestsOn(base, ...OWN), { maxLength: 6 }), (steps) => {
        const now = withTree(after(base, steps), ['revision', 'time'], '1795000001');
        const next = restore(now, base);
        expect(treeAt(next, 'revision/time')).toBe('1795000001');
        expect(withoutTree(next, ['revision'])).toEqual(withoutTree(base, ['revision']));
      }),
      { numRuns: 60 },
    );
  });

  test('takes away what came since, and leaves what is the same as the very same', () => {
    const now = withTree(base, ['brand_new'], { a: 'b' });
    const next = restore(now, past());
    expect(treeAt(next, 'brand_new')).toBeUndefined();
    expect(treeAt(next, 'vlans')).toBe(treeAt(now, 'vlans'));
    expect(textAt(next, 'system/hostname')).toBe('before');
  });

  test('that is in force changes nothing', () => {
    const now = withTree(base, ['revision', 'time'], '1795000001');
    expect(restore(now, structuredClone(base))).toBe(now);
  });

  test.each(['revision.restore', 'object.restore'])('of another version is refused (%s)', (kind) => {
    const args = {
      revision: OTHER_VERSION,
      ...(kind === 'object.restore' ? { object: 'filter/rule/1700000001' } : {}),
    };
    expect(() => change(base, kind, args)).toThrow(/version 9\.9, and the firewall works with/);
  });

  test('that nobody fetched is refused', () => {
    expect(() => change(base, 'revision.restore', { revision: '123' })).toThrow(/Only a live firewall/);
  });
});

describe('one rule', () => {
  test.each(trackersOn(base, 'lan'))('that was deleted stands where it stood, with the separators (%s)', (tracker) => {
    const now = change(base, 'firewall_rule.delete', { tracker });
    const link = listAt(base, 'filter/rule').find((rule) => textAt(rule, 'tracker') === tracker);
    if (/^nat_/.test(textAt(link ?? '', 'associated-rule-id') ?? '')) return;
    expect(restore(now, base, `filter/rule/${tracker}`)).toEqual(base);
  });

  test('stays where it is when only others came between', () => {
    const [first = '', second = ''] = trackersOn(base, 'lan');
    const now = change(base, 'firewall_rule.add', { interface: 'lan', position: { after: first } });
    const changed = change(now, 'firewall_rule.update', { tracker: second, description: 'Changed since' });
    const next = restore(changed, base, `filter/rule/${second}`);
    expect(pageOf(next, 'lan')).toEqual(pageOf(changed, 'lan'));
    expect(next).toEqual(now);
  });

  test('goes back when it was moved, and to its tab', () => {
    const [first = '', second = ''] = trackersOn(base, 'Guests');
    const moved = change(base, 'firewall_rule.move', { tracker: first, position: 'bottom' });
    expect(trackersOn(restore(moved, base, `filter/rule/${first}`), 'Guests').slice(0, 2)).toEqual([first, second]);
    const away = change(base, 'firewall_rule.update', { tracker: first, interface: 'lan' });
    expect(trackersOn(restore(away, base, `filter/rule/${first}`), 'Guests')).toEqual(trackersOn(base, 'Guests'));
  });

  test('is refused while an alias that it names is gone, and comes back with it in one plan', () => {
    const alias = 'old_hosts';
    const rule = {
      tracker: '1794000001',
      type: 'pass',
      interface: 'lan',
      source: { address: alias },
      destination: { any: '' },
    };
    const then = withTree(past(), ['filter', 'rule'], [...listAt(past(), 'filter/rule'), rule]);
    expect(() => restore(base, then, 'filter/rule/1794000001')).toThrow(/names the alias old_hosts, which is gone/);
    const both = candidateOf(
      base,
      [`aliases/alias/${alias}`, 'filter/rule/1794000001'].map((object) => ({
        kind: 'object.restore',
        args: { revision: REVISION, object },
      })),
      KINDS,
      from(then),
    ).config;
    expect(trackersOn(both, 'lan')).toContain('1794000001');
  });
});

describe('one object', () => {
  test.each(objectsOf(base))(
    'that is the same is left alone, and comes back when it is gone or changed (%s)',
    (object) => {
      const isAmbiguous = /#\d+$/.test(object);
      if (isAmbiguous) return;
      expect(restore(base, base, object)).toBe(base);
      const [list = '', identity = ''] = splitAt(object);
      const path = list.split('/');
      const items = listAt(base, list);
      const index = objectsOf(base, [list]).indexOf(`${list}/${identity}`);
      const changed = withTree(base, [...path, index], { ...Object(items[index]), 'mcp-mark': 'x' });
      expect(restore(changed, base, object)).toEqual(base);
      if (list === 'filter/rule' || list === 'nat/rule') return;
      expect(restore(withTree(base, path, items.toSpliced(index, 1)), base, object)).toEqual(base);
    },
  );

  test('a port forward brings its filter rule along', () => {
    const forward = listAt(base, 'nat/rule').find((rule) => textAt(rule, 'associated-rule-id')?.startsWith('nat_'));
    const link = textAt(forward ?? '', 'associated-rule-id') ?? '';
    const now = change(base, 'nat_port_forward.delete', { id: link });
    expect(listAt(now, 'filter/rule').length).toBe(listAt(base, 'filter/rule').length - 1);
    expect(restore(now, base, `nat/rule/${link}`)).toEqual(base);
    const tracker = textAt(
      listAt(base, 'filter/rule').find((rule) => textAt(rule, 'associated-rule-id') === link) ?? '',
      'tracker',
    );
    expect(() => restore(now, base, `filter/rule/${tracker}`)).toThrow(/filter rule of a port forward/);
  });

  test('is not brought back beside another with its address', () => {
    const [first] = listAt(base, 'dhcpd/lan/staticmap');
    const now = withTree(base, ['dhcpd', 'lan', 'staticmap'], [{ ...Object(first), mac: '02:00:00:00:00:99' }]);
    expect(() => restore(now, base, `dhcpd/lan/staticmap/${textAt(first ?? '', 'mac')}`)).toThrow(/same (cid|ipaddr)/);
  });

  test.each([
    ['filter/rule/42', /does not have it/],
    ['system/user/0', /not an object that is brought back alone/],
    ['cron/item/x', /not an object/],
    ['openvpn/openvpn-server/1', /not an object/],
    ['filter/rule', /not an object/],
  ])('%s is refused', (object, message) => {
    expect(() => restore(base, base, object)).toThrow(message);
  });
});

function splitAt(object: string): [string, string] {
  const steps = object.startsWith('dhcpd/') || object.startsWith('nat/outbound/') ? 3 : 2;
  const parts = object.split('/');
  return [parts.slice(0, steps).join('/'), parts.slice(steps).join('/')];
}
