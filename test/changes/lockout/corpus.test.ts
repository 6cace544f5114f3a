import { describe, expect, test } from 'vitest';
import { lockoutOf } from '../../../src/changes/lockout/guard.ts';
import { isSafe } from '../../../src/changes/lockout/judgement.ts';
import type { ConfigTree } from '../../../src/config/model.ts';
import { judge, loadRules } from '../../whatif/pf-rules.ts';
import { toPfPacket } from '../../whatif/plain-packet.ts';
import { CUTS, type Edit, HARMLESS } from './edits.ts';
import { type Fill, LINKS, pfText } from './pf-text.ts';
import { SCENES, type Scene } from './scenes.ts';

interface Case {
  readonly name: string;
  readonly scene: Scene;
  readonly candidate: ConfigTree;
}

function casesOf(edits: readonly (readonly [string, Edit])[]): Case[] {
  return SCENES.flatMap((scene) =>
    edits.flatMap(([name, edit]) => {
      const candidate = edit(scene);
      return candidate === undefined ? [] : [{ name: `${scene.name}: ${name}`, scene, candidate }];
    }),
  );
}
const cuts = casesOf(CUTS);
const harmless = casesOf(HARMLESS);

const isRefused = ({ scene, candidate }: Case): boolean => !isSafe(lockoutOf(scene.session, scene.base, candidate, []));

/** The second opinion: pf's own way of reading rules, on rules that were written down without the product. */
function letsIn(config: ConfigTree, { tab, client, server }: Scene, open: Fill): boolean {
  const devices = Object.fromEntries(
    Object.values(LINKS).map(({ device, address, bits }) => [
      device,
      { addresses: [`${address}/${bits}`], groups: [] },
    ]),
  );
  const loaded = loadRules(pfText(config, open), { devices, files: {} });
  const packet = { direction: 'in', device: LINKS[tab]?.device ?? '', protocol: 'tcp', source: client } as const;
  const sent = toPfPacket({ ...packet, destination: server, sourcePort: 50_123, destinationPort: 22 });
  const { verdict, translation } = judge(loaded, sent);
  expect(verdict).not.toBe('unknown');
  return verdict === 'pass' && translation.packet.destination.value === sent.destination.value;
}

const OTHER = '192.0.2.77';

/** Tables from elsewhere may hold us or not. */
const FILLS: readonly ((scene: Scene) => Fill)[] = [
  ({ client }) =>
    () =>
      client,
  () => () => OTHER,
  ({ client }) =>
    (table) =>
      table.startsWith('pfB_') ? OTHER : client,
];
/** How they may be filled, with us let in. */
const openings = new Map(
  SCENES.map((scene) => [scene, FILLS.map((fill) => fill(scene)).filter((open) => letsIn(scene.base, scene, open))]),
);

/** Whether there is a case of these in which we are in now and out then. */
function cutsIn({ scene, candidate }: Case): boolean {
  return (openings.get(scene) ?? []).some((open) => !letsIn(candidate, scene, open));
}

describe('the corpus', { timeout: 90_000 }, () => {
  test('is large, and as a second opinion says', () => {
    const wrong = [
      ...cuts.filter((one) => !cutsIn(one)).map(({ name }) => `cuts nothing: ${name}`),
      ...harmless.filter(cutsIn).map(({ name }) => `cuts: ${name}`),
    ];
    expect(wrong).toEqual([]);
    for (const scene of SCENES)
      expect(
        letsIn(scene.base, scene, () => OTHER),
        scene.name,
      ).toBe(true);
    const hard = harmless.filter(({ scene }) => scene.isHard);
    expect([cuts.length >= 200, harmless.length >= 250, hard.length >= 50]).toEqual([true, true, true]);
  });

  test('of edits that cut the session is refused as a whole', () => {
    const missed = cuts.filter((one) => !isRefused(one)).map(({ name }) => name);
    process.stdout.write(`lock-out corpus: ${cuts.length - missed.length} of ${cuts.length} cuts refused\n`);
    expect(missed).toEqual([]);
  });

  test('of harmless edits is refused in less than one of 50 cases', () => {
    const refused = harmless.filter(isRefused).map(({ name }) => name);
    const hard = harmless.filter(({ scene }) => scene.isHard).length;
    process.stdout.write(
      `lock-out corpus: ${refused.length} of ${harmless.length} harmless edits refused (${hard} of these with RADIUS, pfBlocker or VPN only): ${refused.join('; ')}\n`,
    );
    expect(refused.length / harmless.length, refused.join('\n')).toBeLessThan(0.02);
  });
});
