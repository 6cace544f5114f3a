import { isDeepStrictEqual } from 'node:util';
import type { ConfigTree } from '../../src/config/model.ts';
import { withTree } from '../../src/config/update.ts';
import { parseConfigXml } from '../../src/config/xml.ts';
import { CHANGES, type CrashBox, HOOK } from './crash-box.ts';
import type { Content } from './kinds.ts';
import type { Said } from './scenario.ts';

/** What became of one change. */
export interface Ended {
  readonly id: string;
  readonly state: 'confirmed' | 'reverted' | 'prepared' | 'none' | 'open';
  readonly base: ConfigTree;
  readonly candidate: ConfigTree;
  readonly before: Content;
  readonly change: Content;
  readonly said: Said;
  /** Whether the boot had a part in it, which is the only one that may die after it took its hook away. */
  readonly mayNeedBoot: boolean;
}

/** Copies that hold secrets, and what would undo the change once more. */
const GONE = /^(base\.xml|operations\.json|rules\.debug\.old|boot\.php)/;

/** The configuration but for the note of who wrote it last; null when it is not whole. */
export async function configIn(box: CrashBox): Promise<ConfigTree | null> {
  const text = await box.read('/cf/conf/config.xml');
  if (!text.endsWith('</pfsense>\n')) return null;
  try {
    return withTree(parseConfigXml(text), ['revision'], '');
  } catch {
    return null;
  }
}

/** What is not as it has to be once all is over. */
export async function problemsIn(box: CrashBox, ended: Ended): Promise<string[]> {
  const { id, state, base, candidate, before, change, said, mayNeedBoot } = ended;
  const isKept = state === 'confirmed';
  const [there, gone] = isKept ? [change, before] : [before, change];
  const config = await configIn(box);
  const [rules, devices] = [await box.read('/tmp/rules.debug'), await box.addresses()];
  const isRuled = (name: string): boolean => name === '' || rules.includes(`table <${name}>`);
  const isOwned = (address: string | null): boolean =>
    address === null || new RegExp(`[" ]${address.replaceAll('.', '[.]')}[" ]`).test(devices);
  const isOver = state === 'confirmed' || state === 'reverted';
  const [hook, beside, aside] = [
    await box.read(HOOK),
    await box.list('/cf/conf'),
    await box.list('/tmp/pfsense-mcp.write'),
  ];
  // Without the hook its program is only one more that has nothing to do.
  const isHarmless = (name: string): boolean => mayNeedBoot && name === 'boot.php' && hook === '';
  const left = (await box.list(`${CHANGES}/${id}`)).filter((name) => GONE.test(name) && !isHarmless(name));
  const processes = await box.processesOf(id);
  const checks: readonly (readonly [boolean, string])[] = [
    [state !== 'open', 'it was not over in time'],
    [config !== null, 'config.xml is not whole'],
    [isDeepStrictEqual(config, isKept ? candidate : base), 'config.xml is not what the mark says'],
    [isRuled(there.name) && (gone.name === '' || !isRuled(gone.name)), 'the rules are not what the mark says'],
    [isOwned(there.address), 'an address is missing'],
    [gone.address === null || gone.address === there.address || !isOwned(gone.address), 'an address is still there'],
    [!isKept || said.isConfirmAsked, 'it was made permanent and nobody had confirmed'],
    [!said.isConfirmed || isKept, 'what was said to be confirmed is not'],
    [!said.isEnded || state === 'reverted', 'what was said to be undone is not'],
    [!isOver || left.length === 0, `left behind: ${left.join(' ')}`],
    [!isOver || hook === '', 'the hook of the boot is left behind'],
    [!isOver || beside.every((name) => !name.endsWith('.mcp')), 'a copy is left behind in /cf/conf'],
    [aside.length === 0, 'files are left behind in /tmp'],
    [processes.length === 0, 'a process is left behind'],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, problem]) => problem);
}
