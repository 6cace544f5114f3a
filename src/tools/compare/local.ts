import { type ConfigSection, type ConfigTree, isList } from '../../config/model.ts';

/** Belongs to one firewall or to its saving, and says nothing about how firewalls differ. A star stands for any name. */
const LOCAL: readonly string[] = [
  'revision',
  'lastchange',
  'version',
  'sshdata',
  'widgets',
  'hasync',
  'virtualip_carp_maintenancemode',
  'system/hostname',
  'system/global-v6duid',
  'system/webgui/ssl-certref',
  'interfaces/*/ipaddr',
  'interfaces/*/ipaddrv6',
  'interfaces/*/spoofmac',
  'dhcpd/*/failover_peerip',
  'kea/ha',
  'kea6/ha',
  // Compared by their versions.
  'installedpackages/package',
];

/** Who saved an object and when, wherever it stands. */
const NOTES: ReadonlySet<string> = new Set(['created', 'updated']);

/** The configuration without what is meant to be different on every firewall. */
export function withoutLocal(config: ConfigTree): ConfigSection {
  const kept = strip(config, []);
  if (typeof kept === 'string' || isList(kept)) return {};
  return Object.fromEntries(Object.entries(kept).filter(([, section]) => !isEmpty(section)));
}

/** A section that has nothing in it is as good as none; further down emptiness is a mark. */
function isEmpty(section: ConfigTree): boolean {
  if (typeof section === 'string') return section === '';
  return Object.values(section).every((child) => child === '' && isList(section));
}

function strip(tree: ConfigTree, path: readonly string[]): ConfigTree {
  if (typeof tree === 'string') return tree;
  if (isList(tree)) return tree.map((item) => strip(item, path));
  const kept = Object.entries(tree).filter(([name]) => !NOTES.has(name) && !isLocal([...path, name]));
  return Object.fromEntries(kept.map(([name, child]) => [name, strip(child, [...path, name])]));
}

function isLocal(path: readonly string[]): boolean {
  return LOCAL.some((place) => {
    const steps = place.split('/');
    return steps.length === path.length && steps.every((step, index) => step === '*' || step === path[index]);
  });
}
