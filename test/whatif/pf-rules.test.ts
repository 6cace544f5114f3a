import { describe, expect, it } from 'vitest';
import { FACTS, judgementOf, verdictOf } from './golden.ts';
import type { PlainPacket } from './plain-packet.ts';

type Row = [rules: string, difference: Partial<PlainPacket>, verdict: string];

const table = (rows: readonly Row[]) => rows.map(([rules, difference, verdict]) => ({ rules, difference, verdict }));

describe('order of rules', () => {
  it.each(
    table([
      ['', {}, 'pass'],
      ['block\npass', {}, 'pass'],
      ['pass\nblock', {}, 'block'],
      ['block quick\npass', {}, 'block'],
      ['block\npass quick\nblock', {}, 'pass'],
      ['block\nmatch', {}, 'block'],
      ['block\nanchor "x/*"', {}, 'block'],
      ['set skip on em1\nblock quick', {}, 'pass'],
      ['set skip on inside\nblock quick', { device: 'em0' }, 'block'],
    ]),
  )('$rules is $verdict', ({ rules, difference, verdict }) => {
    expect(verdictOf(rules, difference)).toBe(verdict);
  });

  it.each([
    ['block\nmatch quick\npass', ['pass', 'block', 'unknown']],
    ['block\nmatch quick\nblock return quick', ['block', 'block', 'unknown']],
    ['block\nmatch quick\npass out', ['block', 'block', 'block']],
    ['block\nmatch quick proto udp\npass', ['pass', 'pass', 'pass']],
    ['block\nmatch quick tagged red\npass', ['pass', 'pass', 'pass']],
  ])('a quick match rule ends it in newer kernels only: %s', (rules, expected) => {
    const kernels = [{ endsAtMatch: false }, { endsAtMatch: true }, {}];
    expect(kernels.map((kernel) => judgementOf(rules, {}, { ...FACTS, ...kernel }).verdict)).toEqual(expected);
  });

  it('tells what it does not know of the kernel', () => {
    expect(judgementOf('block\nmatch quick\npass').unknowns).toEqual(['quick of a match rule']);
  });

  it('names the rule that decided', () => {
    const { rule } = judgementOf('block ridentifier 0007 label "a" label "b"\npass out');
    expect(rule).toMatchObject({ ridentifier: '7', labels: ['a', 'b'], line: 1 });
  });
});

describe('devices and directions', () => {
  it.each(
    table([
      ['block in', { direction: 'out' }, 'pass'],
      ['block out', { direction: 'out' }, 'block'],
      ['block on em0', {}, 'pass'],
      ['block on inside', {}, 'block'],
      ['block on inside', { device: 'em0' }, 'pass'],
      ['block on ! em0', {}, 'block'],
      ['block on ! inside', {}, 'pass'],
      ['block on { em0 em1 }', {}, 'block'],
      ['M = "{ em0 }"\nblock on $M', {}, 'pass'],
    ]),
  )('$rules is $verdict', ({ rules, difference, verdict }) => {
    expect(verdictOf(rules, difference)).toBe(verdict);
  });
});

describe('addresses', () => {
  it.each(
    table([
      ['block from 10.0.0.0/24', {}, 'block'],
      ['block from 10.0.0.0/24', { source: '10.0.1.0' }, 'pass'],
      ['block from !10.0.0.0/24', {}, 'pass'],
      ['block from ! 10.0.0.0/24', { source: '2001:db8::9', destination: '2001:db8::8' }, 'pass'],
      ['block from { 10.0.0.4 10.0.0.5 }', {}, 'block'],
      ['block from { !10.0.0.5 !10.0.0.6 }', {}, 'block'],
      ['block from 10.0.0.4 - 10.0.0.6', {}, 'block'],
      ['block from 10.0.0.6 - 10.0.0.9', {}, 'pass'],
      ['table <t> { 10.0.0.0/24 !10.0.0.5 }\nblock from <t>', {}, 'pass'],
      ['table <t> { 10.0.0.0/24 !10.0.0.5 }\nblock from <t>', { source: '10.0.0.6' }, 'block'],
      ['table <t> { 10.0.0.0/24 }\nblock from ! <t>', { source: '2001:db8::9', destination: '::2' }, 'block'],
      ['table <t> persist file "/etc/list"\nblock to <t>', { destination: '203.0.113.8' }, 'block'],
      ['table <t> persist file "/etc/list"\nblock to <t>', { destination: '203.0.113.9' }, 'pass'],
      ['block to <nowhere>', {}, 'pass'],
      ['block to ! <nowhere>', {}, 'block'],
      ['table <t> { 10.0.0.0/8 }\nT = "<t>"\nblock from $T', {}, 'block'],
      ['block to (self)', { destination: '10.1.0.1' }, 'block'],
      ['block to (self)', { destination: '10.1.0.2' }, 'pass'],
      ['block from (em1:network)', {}, 'block'],
      ['block from (em1)', {}, 'pass'],
      ['block from inside:network', { source: '10.1.0.77' }, 'block'],
      ['block inet6', {}, 'pass'],
    ]),
  )('$rules is $verdict', ({ rules, difference, verdict }) => {
    expect(verdictOf(rules, difference)).toBe(verdict);
  });
});

describe('protocols and ports', () => {
  const tcp = 'block proto tcp to any port';
  it.each(
    table([
      [`${tcp} 443`, {}, 'block'],
      [`${tcp} = 443`, {}, 'block'],
      [`${tcp} != 443`, {}, 'pass'],
      [`${tcp} > 443`, {}, 'pass'],
      [`${tcp} >= 443`, {}, 'block'],
      [`${tcp} < 443`, {}, 'pass'],
      [`${tcp} <= 443`, {}, 'block'],
      [`${tcp} 400:443`, {}, 'block'],
      [`${tcp} 442 >< 444`, {}, 'block'],
      [`${tcp} 443 >< 500`, {}, 'pass'],
      [`${tcp} 443 <> 500`, {}, 'pass'],
      [`${tcp} 444 <> 500`, {}, 'block'],
      [`${tcp} { 80 443 }`, {}, 'block'],
      [`${tcp} https`, {}, 'block'],
      ['block proto udp to any port 443', {}, 'pass'],
      ['block proto { tcp udp }', {}, 'block'],
      ['block proto { tcp, udp } from any port 40000', {}, 'block'],
      ['block inet proto icmp icmp-type echoreq', { protocol: 'icmp', icmpType: 8 }, 'block'],
      ['block inet proto icmp icmp-type { 3, 0 }', { protocol: 'icmp', icmpType: 8 }, 'pass'],
      ['block inet proto icmp icmp-type 8 code 1', { protocol: 'icmp', icmpType: 8 }, 'pass'],
    ]),
  )('$rules is $verdict', ({ rules, difference, verdict }) => {
    expect(verdictOf(rules, difference)).toBe(verdict);
  });
});

describe('TCP flags and states', () => {
  it.each(
    table([
      ['block\npass proto tcp', { tcpFlags: 'A' }, 'block'],
      ['block\npass', { tcpFlags: 'A' }, 'block'],
      ['block\npass', { protocol: 'udp' }, 'pass'],
      ['block\npass proto tcp flags any', { tcpFlags: 'A' }, 'pass'],
      ['block\npass proto tcp no state', { tcpFlags: 'A' }, 'pass'],
      ['block\npass proto tcp flags S/SA keep state ( sloppy, max 3 )', { tcpFlags: 'SA' }, 'block'],
      ['block\npass proto tcp flags /SA', { tcpFlags: 'F' }, 'pass'],
      ['block proto tcp', { tcpFlags: 'A' }, 'block'],
    ]),
  )('$rules is $verdict', ({ rules, difference, verdict }) => {
    expect(verdictOf(rules, difference)).toBe(verdict);
  });
});

describe('tags', () => {
  it.each(
    table([
      ['match tag red\nblock tagged red', {}, 'block'],
      ['block tagged red', {}, 'pass'],
      ['block ! tagged red', {}, 'block'],
      ['pass tag red\npass tag blue\nblock tagged red', {}, 'pass'],
      ['rdr on em1 from any to any tag red -> 10.1.0.9\nblock tagged red', {}, 'block'],
    ]),
  )('$rules is $verdict', ({ rules, difference, verdict }) => {
    expect(verdictOf(rules, difference)).toBe(verdict);
  });
});

describe('what a packet does not tell', () => {
  it.each(
    table([
      ['pass\nblock from any os "X"', {}, 'unknown'],
      ['block\nblock from any os "X"', {}, 'block'],
      ['pass\nblock tos lowdelay\npass quick', {}, 'pass'],
      ['block\npass quick tos lowdelay\nblock', {}, 'unknown'],
    ]),
  )('$rules is $verdict', ({ rules, difference, verdict }) => {
    expect(verdictOf(rules, difference)).toBe(verdict);
  });
});

describe('antispoof', () => {
  it.each(
    table([
      ['antispoof for em1', {}, 'pass'],
      ['antispoof for em1', { device: 'em0' }, 'block'],
      ['antispoof for em1', { source: '10.0.0.1' }, 'block'],
      ['antispoof for em1', { source: '10.0.9.2', device: 'em0' }, 'pass'],
      ['antispoof for em1', { direction: 'out', device: 'em0' }, 'pass'],
      ['antispoof for em1\npass', { device: 'em0' }, 'pass'],
      ['antispoof quick for em1\npass', { device: 'em0' }, 'block'],
      ['antispoof for em0 inet', { source: '2001:db8::9', destination: '::2' }, 'pass'],
      ['antispoof for em0', { source: '2001:db8::9', destination: '::2' }, 'block'],
      ['antispoof for lo0', { source: '127.0.0.1', device: 'lo0' }, 'pass'],
    ]),
  )('$rules is $verdict', ({ rules, difference, verdict }) => {
    expect(verdictOf(rules, difference)).toBe(verdict);
  });
});
