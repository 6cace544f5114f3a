import { treeAt } from '../../config/model.ts';
import type { Node } from './facts.ts';
import type { Comparison } from './output.ts';

export interface Compared {
  readonly answer: Comparison;
  /** Rows that were left out. */
  readonly cut: number;
  readonly nodes: readonly Node[];
  readonly section: string | undefined;
}

/** Sentences about what was not compared and what was cut: silence has to mean that things are alike. */
export function comparisonNotes(compared: Compared): string[] {
  return [...notLooked(compared), ...sectionNotes(compared), ...cutNotes(compared)];
}

function notLooked({ answer, nodes }: Compared): string[] {
  const { asked, baseline, couldNotLook } = answer;
  const isWithoutBaseline = baseline !== 'majority' && !nodes.some(({ name }) => name === baseline);
  return [
    ...(couldNotLook.length > 0
      ? [`${couldNotLook.length} of ${asked} firewalls could not be looked at: see couldNotLook.`]
      : []),
    ...(nodes.some(({ facts }) => facts.version === null)
      ? ['A saved configuration tells no version and no state; what is unknown is not counted as different.']
      : []),
    ...(nodes.some(({ facts }) => facts.packages === null)
      ? ['Packages of some firewalls could not be read; those are not compared.']
      : []),
    ...(isWithoutBaseline ? [`${baseline} could not be looked at, so nothing was compared with it.`] : []),
    ...(nodes.length < 2 ? ['Only one firewall answered: nothing was compared.'] : []),
  ];
}

function sectionNotes({ answer, nodes, section }: Compared): string[] {
  if (section === undefined) return [];
  const [first = ''] = section.split('/');
  const isNowhere = nodes.every(({ config }) => treeAt(config, section) === undefined);
  const isDisputed = answer.noMajority?.some(({ what }) => what === `section ${first}`);
  return [
    ...(isNowhere ? ['No compared firewall has a section of that name.'] : []),
    ...(isDisputed ? ['That section differs nearly everywhere; with baseline asked its objects are compared.'] : []),
    ...(answer.differences.some(({ objects, changes }) => changes.length < objects)
      ? ['Not all changes are shown: name a narrower section, such as filter/rule, or fewer firewalls.']
      : []),
  ];
}

function cutNotes({ answer, cut }: Compared): string[] {
  return [
    ...(answer.deviations.some(({ count, firewalls }) => firewalls.length < count)
      ? ['Not all deviating firewalls are named: count is the number; compare fewer at a time.']
      : []),
    ...(cut > 0 ? [`${cut} rows are left out: compare fewer firewalls, or name a section.`] : []),
  ];
}
