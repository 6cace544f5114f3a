import { describe, expect, test } from 'vitest';
import { judgeReadiness, type UpgradeView } from '../../src/tools/system/readiness.ts';

const DAY = 86_400;
const NOW = 1_800_000_000;

const view = (
  facts: Partial<UpgradeView['facts']> = {},
  rest: Partial<Omit<UpgradeView, 'facts'>> = {},
): UpgradeView => ({
  facts: {
    configVersion: '24.0',
    codeVersion: '24.0',
    root: { isZfs: true, freeBytes: 8 * 1024 ** 3 },
    bootEnvironments: ['default', 'before'],
    branch: '2_8_1',
    branches: [{ name: '2_8_1', path: '/repos/a.conf', description: 'Stable 2.8.1', isDefault: true }],
    check: { at: NOW - 60, hasNewer: true, version: '2.8.1' },
    isUpgrading: false,
    isPackageLocked: false,
    catalogue: { WireGuard: '0.2.9' },
    catalogueAt: NOW,
    revisionAt: NOW - DAY,
    isBackedUpOnline: true,
    onlineBackupAt: NOW - 60,
    hasRamDisk: false,
    now: NOW,
    ...facts,
  },
  attention: {
    pendingChanges: [],
    interfacesDown: [],
    servicesStopped: [],
    notices: [],
    crashReports: { files: [], phpErrorBytes: 0 },
    certificatesExpiring: [],
    gatewaysNotOnline: [],
  },
  isBooting: false,
  packages: { WireGuard: '0.2.9' },
  ha: {
    vips: [],
    allow: 1,
    demotion: 0,
    preempt: 1,
    isMaintenance: false,
    pfsyncState: 'absent',
    sync: {},
    sections: [],
    interfaces: {},
  },
  ...rest,
});

const { attention, ha } = view();

describe('ready for an upgrade', () => {
  test('is a firewall that nothing speaks against, with what nobody can see from here', () => {
    expect(judgeReadiness(view())).toEqual({
      verdict: 'ready',
      blocking: [],
      lookAt: [],
      unknown: [expect.stringContaining('console')],
      facts: {
        branch: 'Stable 2.8.1',
        newer: '2.8.1',
        freeBytes: 8 * 1024 ** 3,
        bootEnvironments: 2,
        lastRevision: new Date((NOW - DAY) * 1000).toISOString(),
        lastOnlineBackup: new Date((NOW - 60) * 1000).toISOString(),
      },
    });
  });

  test.each([
    ['a running upgrade', view({ isUpgrading: true }), 'is running'],
    ['a package lock', view({ isPackageLocked: true }), 'package lock'],
    ['a configuration that was not converted', view({ configVersion: '23.3' }), 'version 23.3, the code 24.0'],
    ['a full disk', view({ root: { isZfs: true, freeBytes: 1_000_000 } }), 'Less than 1 GiB'],
    ['changes that are not applied', view({}, { attention: { ...attention, pendingChanges: ['filter'] } }), 'filter'],
    ['a boot that is not over', view({}, { isBooting: true }), 'still booting'],
  ])('is no firewall with %s', (_name, seen, reason) => {
    const { verdict, blocking } = judgeReadiness(seen);
    expect({ verdict, blocking }).toEqual({ verdict: 'not ready', blocking: [expect.stringContaining(reason)] });
  });

  test.each([
    ['the disk', view({ root: null })],
    ['the version of the code', view({ codeVersion: null })],
    ['changes', view({}, { attention: { ...attention, pendingChanges: null } })],
  ])('is not claimed where %s could not be seen', (_name, seen) => {
    expect(judgeReadiness(seen).verdict).toBe('unknown');
  });

  test.each([
    ['UFS', view({ root: { isZfs: false, freeBytes: 9e9 }, bootEnvironments: null }), 'UFS'],
    ['a single boot environment', view({ bootEnvironments: ['default'] }), 'one boot environment'],
    ['an old backup', view({ onlineBackupAt: NOW - 9 * DAY }), '9 days old'],
    ['RAM disks', view({ hasRamDisk: true }), 'RAM disks'],
    [
      'another branch',
      view({ branch: 'devel', branches: [{ name: 'devel', path: '/d', description: 'Devel', isDefault: false }] }),
      'not the default',
    ],
    ['a branch that is gone', view({ branch: '2_7_2' }), 'does not exist any more'],
    ['a package without a future', view({ catalogue: {} }), 'WireGuard'],
    ['a package with another version', view({ catalogue: { WireGuard: '0.3' } }), 'another version'],
    ['a crash', view({}, { attention: { ...attention, crashReports: { files: ['x'], phpErrorBytes: 0 } } }), 'crash'],
    [
      'a gateway that is down',
      view({}, { attention: { ...attention, gatewaysNotOnline: [{ name: 'WAN1', state: 'down' }] } }),
      'WAN1 (down)',
    ],
    ['a CARP master', view({}, { ha: { ...ha, vips: [{ state: 'MASTER' }] } }), 'secondary first'],
  ])('has to look at %s, and may go on', (_name, seen, text) => {
    const { verdict, lookAt } = judgeReadiness(seen);
    expect(verdict).toBe('ready');
    expect(lookAt).toEqual([expect.stringContaining(text)]);
  });

  test.each([
    ['a check', view({ check: null }), 'newer version'],
    ['a fresh check', view({ check: { at: NOW - 3 * DAY, hasNewer: false, version: null } }), 'older than a day'],
    ['branches', view({ branches: [] }), 'branch'],
    ['a catalogue', view({ catalogue: null }), 'catalogue'],
    ['a backup elsewhere', view({ isBackedUpOnline: false }), 'lies elsewhere'],
    ['boot environments', view({ bootEnvironments: null }), 'bectl'],
  ])('names as unknown what it cannot say without %s', (_name, seen, text) => {
    const { verdict, unknown } = judgeReadiness(seen);
    expect(verdict).toBe('ready');
    expect(unknown[0]).toContain(text);
  });
});
