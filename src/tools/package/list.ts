import { z } from 'zod';
import { type ConfigTree, listAt, textAt } from '../../config/model.ts';
import { own } from '../../core/own.ts';
import { defineSnippet } from '../../pfsense/snippet.ts';
import { fittingPage, pageInput, pageOutput } from '../page.ts';
import { defineTool } from '../tool.ts';

const Known = z.record(z.string(), z.object({ version: z.string(), comment: z.string() }));
const Configured = z.object({ name: z.string(), version: z.string(), description: z.string() });

const packageList = defineSnippet({
  id: 'package/list',
  effect: 'read',
  complexity: 'firewall',
  input: z.strictObject({}),
  output: z.object({
    installed: Known.nullable(),
    available: Known.nullable(),
    updates: z.record(z.string(), z.boolean()),
    catalogueAt: z.int().nullable(),
    configured: z.array(Configured),
  }),
  fromConfig: (config) => ({
    installed: null,
    available: null,
    updates: {},
    catalogueAt: null,
    configured: listAt(config, 'installedpackages/package').map(readConfigured),
  }),
});

function readConfigured(entry: ConfigTree): z.output<typeof Configured> {
  const text = (key: string): string => textAt(entry, key) ?? '';
  return { name: text('name'), version: text('version'), description: text('descr') };
}

const Package = z.object({
  name: z.string(),
  installed: z.string().nullable().describe('Version'),
  available: z.string().nullable().describe('Version in the catalogue; null: not in it, or could not look'),
  update: z.boolean().nullable(),
  description: z.string(),
});
type Package = z.output<typeof Package>;

export default defineTool({
  name: 'pf_package_list',
  title: 'Packages',
  description:
    'Packages of pfSense: installed ones, available ones, or those with an update. The catalogue is the one the firewall fetched last (catalogueAt); it is not refreshed.',
  toolset: 'system',
  effect: 'read',
  complexity: 'firewall',
  isOpenWorld: true,
  input: z.strictObject({
    show: z.enum(['installed', 'available', 'updates']).default('installed'),
    text: z.string().max(100).optional().describe('Part of a name or description'),
    ...pageInput,
  }),
  output: z.object({
    packages: z.array(Package).nullable().describe('null: could not look'),
    catalogueAt: z.string().nullable(),
    ...pageOutput,
  }),
  async run(args, { box, note }) {
    const facts = await box.call(packageList, {});
    const { available, catalogueAt } = facts;
    if (facts.installed === null)
      note('The package database could not be read: versions are those of the configuration.');
    if (available === null)
      note(
        'The catalogue could not be read (never fetched, or its server is out of reach): available and update are unknown.',
      );
    const text = args.text?.toLowerCase();
    const found = packagesOf(facts)
      .filter((one) =>
        args.show === 'updates' ? one.update === true : args.show === 'available' || one.installed !== null,
      )
      .filter((one) => text === undefined || `${one.name} ${one.description}`.toLowerCase().includes(text));
    const { part, facts: page } = fittingPage(found, args);
    const isUnknown = available === null && args.show !== 'installed';
    return {
      packages: isUnknown ? null : part,
      catalogueAt: catalogueAt === null ? null : new Date(catalogueAt * 1000).toISOString(),
      ...(isUnknown ? { total: 0, shown: 0 } : page),
    };
  },
});

function packagesOf({
  installed,
  available,
  updates,
  configured,
}: z.output<(typeof packageList)['output']>): Package[] {
  const here =
    installed ?? Object.fromEntries(configured.map((one) => [`pfSense-pkg-${one.name}`, { ...one, comment: '' }]));
  const names = [...new Set([...Object.keys(here), ...Object.keys(available ?? {})])].sort();
  return names.map((name) => {
    const mine = own(here, name);
    const offered = own(available ?? {}, name);
    const short = name.replace('pfSense-pkg-', '');
    const settings = configured.find((one) => one.name.toLowerCase() === short.toLowerCase());
    return {
      name: short,
      installed: mine?.version ?? null,
      available: offered?.version ?? null,
      update: available === null ? null : (own(updates, name) ?? false),
      description: offered?.comment || mine?.comment || settings?.description || '',
    };
  });
}
