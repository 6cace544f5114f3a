import type { BackgroundJob } from '../pfsense/background.ts';
import { watchRulesJob } from './rule/watch.ts';
import { surveyJob } from './system/remember.ts';

/** What a server does by itself on firewalls that are in use: small reads for questions that need a memory. */
export const BACKGROUND: readonly BackgroundJob[] = [watchRulesJob, surveyJob];
