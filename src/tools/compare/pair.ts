import type { ObjectChange } from '../../config/diff.ts';
import { textAt } from '../../config/model.ts';
import { isCopied, sectionOfPath } from '../../pfsense/ha-sync.ts';
import { assignmentFindings } from './assignment.ts';
import { carpFindings, type Findings, joined, NOTHING, readiness, statesOf } from './carp.ts';
import type { Node } from './facts.ts';
import { linkFindings, senderOf } from './links.ts';
import type { Deviation, Difference, Pair } from './output.ts';
import { changesBySection, isWithin, isWording, sentencesOf } from './sections.ts';
import { sharedPart } from './synchronised.ts';
import { traitOf, traitsOf } from './traits.ts';

/** Are two firewalls nodes of one cluster, by what either is set to? */
export function isPair(a: Node, b: Node): boolean {
  return [a, b].some(
    ({ ha, facts }) => ha.vips.length > 0 || facts.syncTarget !== null || ha.sync['pfsyncenabled'] === 'on',
  );
}

export interface PairAnswer {
  readonly pair: Pair;
  readonly baseline: string;
  readonly deviations: Deviation[];
  readonly differences: Difference[];
}

/** Both nodes of a cluster: what differs although it should not, and whether the other one would take over. */
export function comparePair(a: Node, b: Node, section: string | undefined): PairAnswer {
  const sender = senderOf(a, b);
  const first = sender ?? a;
  const second = first === a ? b : a;
  const sections = first.ha.sections;
  const settings = { sections, withAdmins: textAt(first.config, 'hasync/adminsync') === 'on' };
  const changes = changesBySection(
    sharedPart(first.config, settings),
    sharedPart(second.config, settings),
    sectionOfPath,
  );
  const findings = joined([
    carpFindings(a, b),
    readiness(a),
    readiness(b),
    assignmentFindings(a, b),
    versions(first, second),
    linkFindings(a, b),
    copies(changes, sections, second),
  ]);
  return {
    pair: {
      sender: sender?.name ?? null,
      states: { [a.name]: statesOf(a), [b.name]: statesOf(b) },
      ...verdictOf(findings),
    },
    baseline: first.name,
    deviations: traitDeviations(first, second),
    differences: [...changes].flatMap(([name, all]) => {
      const shown = section === undefined ? all : all.filter((change) => isWithin(change, section));
      if (shown.length === 0) return [];
      return [
        {
          firewall: second.name,
          section: name,
          copied: isCopied(name, sections),
          objects: shown.length,
          changes: sentencesOf(shown, section),
        },
      ];
    }),
  };
}

/** No one says yes while anything that decides is unknown; a known obstacle decides by itself. */
export function verdictOf({ blockers, unknowns, warnings }: Findings): Pick<Pair, 'failover' | 'because' | 'warnings'> {
  if (blockers.length > 0) return { failover: 'no', because: [...blockers], warnings: [...unknowns, ...warnings] };
  if (unknowns.length > 0) return { failover: 'unknown', because: [...unknowns], warnings: [...warnings] };
  const because = ['Every CARP address has one MASTER and one ready BACKUP, and what is copied is the same on both.'];
  return { failover: 'yes', because, warnings: [...warnings] };
}

function versions(first: Node, second: Node): Findings {
  const [mine, theirs] = [first.facts, second.facts];
  if (mine.configVersion === theirs.configVersion) return NOTHING;
  const text = `The configuration versions differ (${mine.configVersion} and ${theirs.configVersion}): pfSense copies nothing until both run the same version.`;
  return { ...NOTHING, blockers: [text] };
}

/** What is copied and differs all the same was not copied; what is not copied has to be kept alike by hand. */
function copies(
  changes: ReadonlyMap<string, readonly ObjectChange[]>,
  sections: readonly string[],
  second: Node,
): Findings {
  const differing = [...changes].map(([name, all]) => ({
    name,
    isCopied: isCopied(name, sections),
    count: all.filter((change) => !isWording(change)).length,
  }));
  const text = (kind: boolean): string =>
    differing
      .filter((one) => one.isCopied === kind && one.count > 0)
      .map(({ name, count }) => `${name} (${count})`)
      .join(', ');
  const [stale, byHand] = [text(true), text(false)];
  return {
    ...NOTHING,
    blockers: stale === '' ? [] : [`${second.name} does not have what is copied to it: objects differ in ${stale}.`],
    warnings: byHand === '' ? [] : [`Not set to be copied, and different: ${byHand}.`],
  };
}

function traitDeviations(first: Node, second: Node): Deviation[] {
  const names = [...new Set([...traitsOf(first).keys(), ...traitsOf(second).keys()])];
  return names.flatMap((what) => {
    const [usual, found] = [traitOf(first, what), traitOf(second, what)];
    if (usual === undefined || found === undefined || usual === found) return [];
    return [{ what, usual, count: 1, firewalls: [{ firewall: second.name, found }] }];
  });
}
