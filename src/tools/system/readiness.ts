import { z } from 'zod';
import { own } from '../../core/own.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import type { haStatus } from '../ha/snippet.ts';
import type { Attention } from './attention.ts';

const Texts = z.record(z.string(), z.string());
const Time = z.int().nullable();

export const upgradeFacts = defineSnippet({
  id: 'system/upgrade',
  effect: 'read',
  complexity: 'interface',
  input: z.strictObject({}),
  output: z.object({
    configVersion: z.string(),
    codeVersion: z.string().nullable(),
    root: z.object({ isZfs: z.boolean(), freeBytes: z.int() }).nullable(),
    bootEnvironments: z.array(z.string()).nullable(),
    branch: z.string(),
    branches: z.array(
      z.object({ name: z.string(), path: z.string(), description: z.string(), isDefault: z.boolean() }),
    ),
    check: z.object({ at: z.int(), hasNewer: z.boolean().nullable(), version: z.string().nullable() }).nullable(),
    isUpgrading: z.boolean(),
    isPackageLocked: z.boolean(),
    catalogue: Texts.nullable(),
    catalogueAt: Time,
    revisionAt: Time,
    isBackedUpOnline: z.boolean(),
    onlineBackupAt: Time,
    hasRamDisk: z.boolean(),
    now: z.int(),
  }),
});

/** One verdict on an upgrade, with what it rests on. */
export const Readiness = z.object({
  verdict: z.enum(['ready', 'not ready', 'unknown']).describe('unknown: something that could forbid it was not seen'),
  blocking: z.array(z.string()).describe('Settle first'),
  lookAt: z.array(z.string()).describe('Forbids nothing; decide about it'),
  unknown: z.array(z.string()),
  facts: z.object({
    branch: z.string().nullable(),
    newer: z.string().nullable(),
    freeBytes: z.int().nullable(),
    bootEnvironments: z.int().nullable(),
    lastRevision: z.string().nullable(),
    lastOnlineBackup: z.string().nullable(),
  }),
});

/** Everything the verdict is made from; nothing of it is asked from the network. */
export interface UpgradeView {
  readonly facts: z.output<(typeof upgradeFacts)['output']>;
  readonly attention: z.output<typeof Attention>;
  readonly isBooting: boolean | null;
  readonly packages: Readonly<Record<string, string>> | null;
  readonly ha: z.output<(typeof haStatus)['output']>;
}

/** Room for the download, the new files and the old ones beside them; below the first an upgrade fails half-way. */
const LEAST_BYTES = 1024 ** 3;
const GOOD_BYTES = 3 * 1024 ** 3;
const DAY_S = 86_400;

/** What speaks against an upgrade now, what to look at first, and what cannot be known from here. */
export function judgeReadiness(view: UpgradeView): z.output<typeof Readiness> {
  const { facts } = view;
  const blocking = blockers(view);
  const unseen = unseenBlockers(view);
  return {
    verdict: blocking.length > 0 ? 'not ready' : unseen.length > 0 ? 'unknown' : 'ready',
    blocking,
    lookAt: [...wayBack(view), ...condition(view), ...packageWords(view), ...haWords(view), ...branchWords(view)],
    unknown: [...unseen, ...unknowns(view)],
    facts: {
      branch: branchOf(view)?.description || facts.branch || null,
      newer: facts.check?.version ?? null,
      freeBytes: facts.root?.freeBytes ?? null,
      bootEnvironments: facts.bootEnvironments?.length ?? null,
      lastRevision: isoTime(facts.revisionAt),
      lastOnlineBackup: facts.isBackedUpOnline ? isoTime(facts.onlineBackupAt) : null,
    },
  };
}

function blockers({ facts, attention, isBooting }: UpgradeView): string[] {
  const { configVersion, codeVersion, root } = facts;
  return when([
    [isBooting === true, 'The firewall is still booting.'],
    [facts.isUpgrading, 'An upgrade or a package installation is running.'],
    [facts.isPackageLocked, 'The package lock is set: an earlier installation may not have come to its end.'],
    [
      codeVersion !== null && codeVersion !== configVersion,
      `The configuration has version ${configVersion}, the code ${codeVersion}: an earlier upgrade did not come to its end.`,
    ],
    [root !== null && root.freeBytes < LEAST_BYTES, 'Less than 1 GiB is free on the root file system.'],
    [
      (attention.pendingChanges ?? []).length > 0,
      `Changes are saved and not applied: ${attention.pendingChanges?.join(', ')}. Apply or discard them.`,
    ],
  ]);
}

function unseenBlockers({ facts, attention }: UpgradeView): string[] {
  return when([
    [facts.root === null, 'Free space on the root file system.'],
    [facts.codeVersion === null, 'Which version of the configuration the code wants.'],
    [attention.pendingChanges === null, 'Changes that are not applied.'],
  ]);
}

function wayBack({ facts }: UpgradeView): string[] {
  const { root, bootEnvironments, isBackedUpOnline, onlineBackupAt, now } = facts;
  const age = onlineBackupAt === null ? null : Math.floor((now - onlineBackupAt) / DAY_S);
  return when([
    [
      root?.isZfs === false,
      'The root file system is UFS: there is no boot environment to go back to, only a new installation.',
    ],
    [
      root?.isZfs === true && bootEnvironments?.length === 1,
      'There is one boot environment, the running one: make another before.',
    ],
    [isBackedUpOnline && age !== null && age > 1, `The last online backup is ${age} days old.`],
    [
      root !== null && root.freeBytes >= LEAST_BYTES && root.freeBytes < GOOD_BYTES,
      'Less than 3 GiB is free on the root file system.',
    ],
    [facts.hasRamDisk, '/tmp and /var are RAM disks: logs of the upgrade are lost at the reboot.'],
  ]);
}

function condition({ attention }: UpgradeView): string[] {
  const { crashReports, gatewaysNotOnline, servicesStopped, certificatesExpiring, interfacesDown, notices } = attention;
  return when([
    [(crashReports?.files.length ?? 0) > 0, 'There are crash reports: find their cause first.'],
    listed(
      'Gateways not online',
      gatewaysNotOnline?.map(({ name, state }) => `${name} (${state})`),
    ),
    listed(
      'Services stopped',
      servicesStopped?.map(({ name }) => name),
    ),
    listed(
      'Interfaces down',
      interfacesDown?.map(({ name }) => name),
    ),
    listed(
      'Certificates that expire within 30 days or have',
      certificatesExpiring?.map(({ name }) => name),
    ),
    [(notices?.length ?? 0) > 0, `${notices?.length} notices are unread.`],
  ]);
}

function packageWords({ facts, packages }: UpgradeView): string[] {
  const { catalogue } = facts;
  if (packages === null || catalogue === null) return [];
  const gone = Object.keys(packages).filter((name) => own(catalogue, name) === undefined);
  const other = Object.keys(packages).filter(
    (name) => own(catalogue, name) !== undefined && own(catalogue, name) !== packages[name],
  );
  return when([
    listed('Packages that the catalogue does not have (any more): remove them before', gone),
    listed('Packages with another version in the catalogue: upgrade the firewall first, then these', other),
  ]);
}

function haWords({ ha }: UpgradeView): string[] {
  const isPaired = ha.vips.length > 0 || Boolean(ha.sync['synchronizetoip']);
  const isMaster = ha.vips.some(({ state }) => state === 'MASTER');
  return when([
    [
      isPaired && isMaster,
      'This node is CARP master: upgrade the secondary first, then put this one into maintenance mode.',
    ],
    [
      isPaired && !isMaster,
      'This node is in a pair: upgrade it first if it is the secondary, and compare both afterwards.',
    ],
    [ha.isMaintenance, 'The node is in CARP maintenance mode.'],
    [(ha.demotion ?? 0) > 0, 'CARP is demoted: the kernel saw a problem on this node.'],
  ]);
}

function branchOf({ facts }: UpgradeView) {
  const { branch, branches } = facts;
  const chosen = branches.find(({ name, path }) => branch !== '' && (name === branch || path === branch));
  return chosen ?? branches.find(({ isDefault }) => isDefault);
}

function branchWords(view: UpgradeView): string[] {
  const { branch, branches } = view.facts;
  const chosen = branchOf(view);
  return when([
    [chosen !== undefined && !chosen.isDefault, 'The branch chosen is not the default one: see facts.branch.'],
    [
      branch !== '' && branches.length > 0 && !branches.some(({ name, path }) => name === branch || path === branch),
      'The branch in the configuration does not exist any more: choose one under System > Update.',
    ],
  ]);
}

function unknowns({ facts, attention, packages, ha }: UpgradeView): string[] {
  const { check, now, root, bootEnvironments } = facts;
  return when([
    [check === null, 'Whether there is a newer version: the firewall has not checked since it started.'],
    [
      check !== null && now - check.at > DAY_S,
      'Whether there is a newer version today: the last check is older than a day.',
    ],
    [facts.branches.length === 0, 'Which branch upgrades come from: no branch is known on the firewall.'],
    [root?.isZfs === true && bootEnvironments === null, 'Boot environments: bectl did not answer.'],
    [
      packages === null || facts.catalogue === null,
      'Packages that are not offered any more: no catalogue or no package database.',
    ],
    [attention.gatewaysNotOnline === null, 'Gateways.'],
    [attention.servicesStopped === null, 'Services.'],
    [attention.certificatesExpiring === null, 'Certificates.'],
    [ha.vips.length > 0 && ha.pfsyncState === null, 'The role in the pair.'],
    [!facts.isBackedUpOnline, 'Whether a backup of the configuration lies elsewhere: download one.'],
    [true, 'Whether the console can be reached if the network does not come back.'],
  ]);
}

type Case = readonly [boolean, string];

function when(cases: readonly Case[]): string[] {
  return cases.flatMap(([holds, text]) => (holds ? [text] : []));
}

const MOST_NAMES = 10;

function listed(what: string, names: readonly string[] | undefined): Case {
  const found = names ?? [];
  const more = found.length > MOST_NAMES ? ` and ${found.length - MOST_NAMES} more` : '';
  return [found.length > 0, `${what}: ${found.slice(0, MOST_NAMES).join(', ')}${more}.`];
}

function isoTime(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}
