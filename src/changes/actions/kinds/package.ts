import { z } from 'zod';
import { PfsenseError } from '../../../core/errors.ts';
import { type ActionFacts, defineAction } from '../kind.ts';

const PREFIX = 'pfSense-pkg-';
const input = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,60}$/, 'the name of a package, such as acme'),
});
type Args = z.output<typeof input>;

const fullName = (name: string): string => (name.startsWith(PREFIX) ? name : `${PREFIX}${name}`);
const question = ({ name }: Args) => ({ about: 'package' as const, package: fullName(name) });
const shared = { level: 'dangerous', input, example: { name: 'acme' }, usage: '{name}', question } as const;

export const packageInstall = defineAction({
  ...shared,
  id: 'package.install',
  draft({ name }, facts) {
    const { installed, available } = versionsIn(facts);
    if (installed !== null) throw wrong(`It is installed already, in version ${installed}.`);
    return draftOf('install', name, wantedFrom(available), `Install package ${fullName(name)} ${available}.`);
  },
});

export const packageRemove = defineAction({
  ...shared,
  id: 'package.remove',
  draft({ name }, facts) {
    const { installed } = versionsIn(facts);
    if (installed === null) throw notThere('This package is not installed.');
    return draftOf('remove', name, installed, `Remove package ${fullName(name)} ${installed} with its services.`);
  },
});

export const packageUpdate = defineAction({
  ...shared,
  id: 'package.update',
  draft({ name }, facts) {
    const { installed, available } = versionsIn(facts);
    if (installed === null) throw notThere('This package is not installed.');
    const wanted = wantedFrom(available);
    if (installed === wanted) throw wrong(`It has the newest version of the catalogue already, ${installed}.`);
    return draftOf('update', name, wanted, `Update package ${fullName(name)} from ${installed} to ${wanted}.`);
  },
});

function draftOf(operation: string, name: string, wanted: string, sentence: string) {
  return {
    text: [
      sentence,
      'Its own scripts run as root and may change the configuration; other packages may come or go with it. It is not undone by itself.',
    ],
    dangers: [],
    work: 'package',
    args: { operation, package: fullName(name), wanted },
  };
}

function versionsIn({ box }: ActionFacts) {
  if (box.package !== null) return box.package;
  throw new PfsenseError('box_not_ready', 'The packages could not be listed.', { phase: 'run' });
}

function wantedFrom(available: string | null): string {
  if (available !== null) return available;
  throw notThere('The catalogue that the firewall fetched last has no such package.');
}

function notThere(message: string): PfsenseError {
  return new PfsenseError('not_found', message, { phase: 'input', hint: 'pf_package_list shows what there is.' });
}

function wrong(message: string): PfsenseError {
  return new PfsenseError('bad_input', message, { phase: 'input' });
}
