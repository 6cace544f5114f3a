import { z } from 'zod';
import type { ConfigTree } from '../config/model.ts';
import { PfsenseError } from '../core/errors.ts';
import { own } from '../core/own.ts';
import type { Box } from '../pfsense/box.ts';
import { defineSnippet } from '../pfsense/snippet.ts';
import { type AliasNeeds, aliasNeeds, type Inside } from './alias-needs.ts';
import type { Candidate } from './candidate.ts';

/** More names are not asked for: each may take seconds when no name server answers. */
const MAX_HOSTS = 20;

export const aliasResolve = defineSnippet({
  id: 'alias/resolve',
  effect: 'read',
  complexity: 'config',
  input: z.strictObject({ lists: z.array(z.string()), hosts: z.array(z.string()) }),
  output: z.object({
    /** Whether the list of an alias was downloaded and holds something. */
    lists: z.record(z.string(), z.boolean()),
    /** Whether the firewall finds an address for a name; null when it could not be asked. */
    hosts: z.record(z.string(), z.boolean().nullable()),
  }),
});
export type Resolved = z.output<typeof aliasResolve.output>;

/**
 * Makes sure that the aliases behind a change can be resolved on the firewall.
 * @returns Sentences about those that hold less than they say.
 * @throws PfsenseError `not_found` when a change that is tried out would not come into force as a whole: pfSense would
 *   leave out a rule, or a member is no name of anything.
 */
export async function weighAliases(box: Box, base: ConfigTree, { config, tier }: Candidate): Promise<string[]> {
  const needs = aliasNeeds(base, config);
  const lists = [...needs.lists.map(({ alias }) => alias), ...membersThatAre('list', needs)];
  const hosts = membersThatAre('host', needs);
  const asked = { lists: [...new Set(lists)], hosts: hosts.slice(0, MAX_HOSTS) };
  const known = lists.length + hosts.length > 0 ? await box.call(aliasResolve, asked) : { lists: {}, hosts: {} };
  const { stops, notes } = aliasVerdict(needs, known);
  const [stop] = stops;
  if (stop !== undefined && tier === 'volatile')
    throw new PfsenseError('not_found', stop.message, { phase: 'input', sideEffect: 'none', hint: stop.hint });
  return [...stops.map(({ message }) => message), ...notes];
}

interface Stop {
  readonly message: string;
  readonly hint: string;
}

/** What follows from the firewall's answer. */
export function aliasVerdict(needs: AliasNeeds, known: Resolved): { stops: Stop[]; notes: string[] } {
  const isNothing = (one: Inside): boolean => one.isNew && isNameOfNothing(one, known);
  return {
    stops: [
      ...needs.missing.map(({ word, user }) => ({
        message: `${user} uses ${word}, and there is no such alias: pfSense would leave the rule out.`,
        hint: 'Make it with alias.create, in the same plan before this change, or let the rule use another address.',
      })),
      ...needs.lists
        .filter(({ alias }) => own(known.lists, alias) === false)
        .map(({ alias, user }) => ({
          message: `${user} uses the alias ${alias}, whose list was never downloaded: pfSense would leave the rule out.`,
          hint: 'Make the alias permanent in a plan of its own: pfSense downloads the list then, pf_alias_search shows when. Plan the rule after that; if there is no list then, the URL gives none.',
        })),
      ...needs.inside.filter(isNothing).map(({ alias, member }) => ({
        message: `members: ${member} in ${alias} is neither an alias nor a host that the firewall finds.`,
        hint: 'pf_alias_search lists the aliases, alias.create makes one; the name of a host needs its domain.',
      })),
    ],
    notes: needs.inside.filter((one) => !isNothing(one)).flatMap((one) => sentenceAbout(one, known)),
  };
}

/** A name without a domain is mostly one of an alias. */
function isNameOfNothing({ what, member }: Inside, { hosts }: Resolved): boolean {
  return what === 'host' && !member.includes('.') && own(hosts, member) === false;
}

function sentenceAbout({ alias, member, what }: Inside, { lists, hosts }: Resolved): string[] {
  if (what === 'list')
    return own(lists, member) === false
      ? [`The alias ${alias} holds nothing of ${member}, whose list was never downloaded.`]
      : [];
  if (own(hosts, member) === false)
    return [`The alias ${alias} matches nothing for ${member} until the firewall finds an address for this name.`];
  return own(hosts, member) === true
    ? []
    : [`Whether the firewall finds an address for ${member} in the alias ${alias} could not be asked.`];
}

function membersThatAre(kind: Inside['what'], { inside }: AliasNeeds): string[] {
  return [...new Set(inside.filter(({ what }) => what === kind).map(({ member }) => member))];
}
