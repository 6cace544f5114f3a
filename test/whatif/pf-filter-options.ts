import { icmpNumber } from './pf-names.ts';
import type { TokenReader } from './pf-reader.ts';
import type { FilterRule, IcmpType } from './pf-syntax.ts';

export interface FilterOptions {
  icmpTypes: IcmpType[];
  flags: FilterRule['flags'] | 'any';
  state: 'keep' | 'none' | undefined;
  tag: string | undefined;
  tagged: FilterRule['tagged'];
  ridentifier: string | undefined;
  readonly labels: string[];
  readonly unknownConditions: string[];
}

export function noOptions(): FilterOptions {
  return {
    icmpTypes: [],
    flags: undefined,
    state: undefined,
    tag: undefined,
    tagged: undefined,
    ridentifier: undefined,
    labels: [],
    unknownConditions: [],
  };
}

type ReadOption = (reader: TokenReader, options: FilterOptions) => void;

/** What may stand behind `to`, in any order. */
const OPTIONS: Readonly<Record<string, ReadOption>> = {
  'icmp-type': (reader, options) => {
    options.icmpTypes = reader.list(() => readIcmpType(reader, 'icmp-type'));
  },
  'icmp6-type': (reader, options) => {
    options.icmpTypes = reader.list(() => readIcmpType(reader, 'icmp6-type'));
  },
  flags: (reader, options) => {
    options.flags = readFlags(reader);
  },
  keep: readState,
  modulate: readState,
  synproxy: readState,
  no: (reader, options) => {
    reader.expect('state');
    options.state = 'none';
  },
  tag: (reader, options) => {
    options.tag = reader.text('a tag');
  },
  tagged: (reader, options) => {
    options.tagged = { not: false, name: reader.text('a tag') };
  },
  '!': (reader, options) => {
    reader.expect('tagged');
    options.tagged = { not: true, name: reader.text('a tag') };
  },
  label: (reader, options) => {
    options.labels.push(reader.text('a label'));
  },
  ridentifier: (reader, options) => {
    options.ridentifier = readNumber(reader);
  },
  tos: (reader, options) => {
    options.unknownConditions.push(`tos ${reader.text('a type of service')}`);
  },
  prio: (reader, options) => {
    options.unknownConditions.push(`prio ${readNumber(reader)}`);
  },
  'allow-opts': () => undefined,
  queue: skipQueue,
  dnpipe: skipQueue,
  dnqueue: skipQueue,
  set: (reader) => {
    reader.expect('prio');
    for (const _ of reader.take('(') ? [1, 2] : []) {
      readNumber(reader);
      reader.take(',');
    }
    if (!reader.take(')')) readNumber(reader);
  },
};

export function readFilterOptions(reader: TokenReader, options: FilterOptions): void {
  while (!reader.isEndOfStatement()) {
    const keyword = Object.keys(OPTIONS).find((known) => reader.take(known));
    if (keyword === undefined) reader.fail('unknown option of a rule');
    OPTIONS[keyword]?.(reader, options);
  }
}

function readIcmpType(reader: TokenReader, keyword: 'icmp-type' | 'icmp6-type'): IcmpType {
  const name = reader.text('an ICMP type');
  const type = icmpNumber(name, keyword) ?? reader.fail(`unknown ICMP type ${JSON.stringify(name)}`);
  return { type, code: reader.take('code') ? Number(readNumber(reader)) : undefined };
}

/** `S/SA`, `/SFRA`, `S`, `any`. */
function readFlags(reader: TokenReader): FilterOptions['flags'] {
  if (reader.take('any')) return 'any';
  const set = reader.is('/') ? '' : letters(reader);
  return { set, among: reader.take('/') ? letters(reader) : 'FSRPAUEW' };
}

function letters(reader: TokenReader): string {
  const text = reader.text('TCP flags');
  return /^[FSRPAUEW]+$/.test(text) ? text : reader.fail('unknown TCP flag');
}

/** How a state is kept decides nothing about a first packet. */
function readState(reader: TokenReader, options: FilterOptions): void {
  reader.expect('state');
  options.state = 'keep';
  if (!reader.take('(')) return;
  while (!reader.take(')')) {
    if (reader.isEndOfStatement()) reader.fail('options of a state do not end');
    if (!(reader.oneOf(',', '/', '<', '>') ?? reader.text('an option of a state'))) return;
  }
}

/** `queue a`, `queue (a, b)`. */
function skipQueue(reader: TokenReader): void {
  if (!reader.take('(')) {
    reader.text('a queue');
    return;
  }
  while (!reader.take(')')) if (!reader.take(',')) reader.text('a queue');
}

export function readNumber(reader: TokenReader): string {
  const text = reader.text('a number');
  return /^\d+$/.test(text) ? String(BigInt(text)) : reader.fail('not a number');
}
