import { diffConfigs, type ObjectChange } from '../../config/diff.ts';
import { changeText } from '../../config/diff-text.ts';
import type { ConfigTree } from '../../config/model.ts';

/** Changes by the section that they belong to, in the order of the document. */
export function changesBySection(
  baseline: ConfigTree,
  config: ConfigTree,
  sectionOf: (path: string) => string,
): Map<string, ObjectChange[]> {
  const sections = new Map<string, ObjectChange[]>();
  for (const change of diffConfigs(baseline, config)) {
    const name = sectionOf(change.path);
    sections.set(name, [...(sections.get(name) ?? []), change]);
  }
  return sections;
}

/** Sentences for a section that nobody asked for by name. */
const EXAMPLES = 3;

/** Sentences that one answer carries. */
export const MAX_SENTENCES = 60;

/** Is a change within the section, which may be a path such as `filter/rule` or `dhcpd/lan`? */
export function isWithin({ path }: ObjectChange, section: string): boolean {
  return path === section || path.startsWith(`${section}/`) || section.startsWith(`${path}/`);
}

/** Sentences about the changes: a few, or with a section named as many as an answer carries. */
export function sentencesOf(changes: readonly ObjectChange[], section: string | undefined): string[] {
  return changes.slice(0, section === undefined ? EXAMPLES : MAX_SENTENCES).map(changeText);
}

/** Does a change concern nothing but what people are told? */
export function isWording({ change, moved, fields }: ObjectChange): boolean {
  return (
    change === 'changed' && !moved && fields.every(({ field }) => /(?:^|\/)(?:descr|description|detail)$/.test(field))
  );
}
