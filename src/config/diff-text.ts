import type { FieldChange, ObjectChange } from './diff.ts';

const MAX_VALUE_CHARS = 120;

/** One sentence an object: `rule 'Allow DNS' on LAN moved from 3 to 5; destination/address changed: a → b`. */
export function changeText({ change, object, moved, fields }: ObjectChange): string {
  if (change !== 'changed')
    return `${object} ${change}${change === 'added' && fields.length > 0 ? `: ${summary(fields)}` : ''}`;
  const parts = [...(moved ? [`moved from ${moved.from} to ${moved.to}`] : []), ...fields.map(fieldText)];
  return `${object} ${parts.join('; ')}`;
}

function fieldText({ field, before, after }: FieldChange): string {
  if (before === null) return `${field} set${after === '' ? '' : ` to ${value(after)}`}`;
  if (after === null) return `${field} removed${before === '' ? '' : ` (was ${value(before)})`}`;
  return `${field} changed: ${value(before)} → ${value(after)}`;
}

function summary(fields: readonly FieldChange[]): string {
  const shown = fields.filter(({ after }) => after !== null && after !== '').slice(0, 8);
  return shown.map(({ field, after }) => `${field} ${value(after)}`).join(', ');
}

function value(text: string | null): string {
  if (text === null || text === '') return '(empty)';
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_VALUE_CHARS ? `${line.slice(0, MAX_VALUE_CHARS)}…` : line;
}
