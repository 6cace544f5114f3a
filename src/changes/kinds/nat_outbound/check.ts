import { type ConfigSection, type ConfigTree, textAt, treeAt } from '../../../config/model.ts';
import { refused } from '../../kind.ts';
import { aliasType } from '../aliases.ts';
import { familyOf } from '../endpoint.ts';

const WITH_PORTS = new Set(['', 'any', 'tcp', 'udp', 'tcp/udp', 'sctp']);

/**
 * Refuses what pfSense's page would not save, and addresses of two families, with which no rule would be made.
 * @throws PfsenseError `bad_input`
 */
export function checkOutbound(config: ConfigTree, rule: ConfigSection): void {
  const text = (key: string): string => textAt(rule, key) ?? '';
  const isExempt = treeAt(rule, 'nonat') !== undefined;
  const hasPorts = ['sourceport', 'dstport', 'natport'].some((key) => text(key) !== '');
  const isAlias = aliasType(config, text('target')) !== undefined;
  const family = text('ipprotocol');
  const families = ['source/network', 'destination/network', 'target'].map((key) => familyOf(text(key)));
  const known = [...families, family === '' ? undefined : family].filter((one) => one !== undefined);
  const problems: [boolean, string][] = [
    [text('target') === '' && !isExempt, 'target: say what the source is to become.'],
    [
      hasPorts && !WITH_PORTS.has(text('protocol')),
      'source.port, destination.port, targetPort: this protocol has no ports.',
    ],
    [
      isAlias && text('poolopts') !== '' && !text('poolopts').startsWith('round-robin'),
      'poolOptions: with an alias only round-robin works.',
    ],
    [new Set(known).size > 1, 'family, source, destination, target: all of them have to be of one family.'],
  ];
  const found = problems.find(([isWrong]) => isWrong);
  if (found !== undefined) throw refused(found[1]);
}
