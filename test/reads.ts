import { TOOLS } from '../src/tools/index.ts';

/** The tools that anybody sees who has changed no permission. */
export const READS = TOOLS.filter(({ effect, level = effect }) => level === 'read');
