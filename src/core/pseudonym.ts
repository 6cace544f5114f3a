import { createHmac, randomBytes } from 'node:crypto';

/** New with each process: pseudonyms can be compared within a session, and say nothing outside of it. */
const KEY = randomBytes(32).toString('hex');

/** The stand-in for a secret: equal secrets get equal ones, the value cannot be found from it. */
export function pseudonym(kind: string, secret: string): string {
  return `‹${kind}:${createHmac('sha256', KEY).update(secret).digest('hex').slice(0, 6)}›`;
}

/** Is a whole text such a stand-in, made here or on the firewall? */
export function isPseudonym(text: string): boolean {
  return /^‹[a-z0-9_.:-]{1,40}:[0-9a-f]{6}›$/.test(text);
}

/** Does a text hold something that was meant to be one? Looser than `isPseudonym`: people and models retype them. */
export function holdsPseudonym(text: string): boolean {
  return /‹[^‹›]{1,60}:\s*[0-9a-f]{2,12}\s*›/i.test(text);
}

/** For snippets that replace secrets before they leave the firewall: with this key their pseudonyms equal ours. */
export function pseudonymKey(): string {
  return KEY;
}
