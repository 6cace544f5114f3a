import { describe, expect, test } from 'vitest';
import { listAt, textAt } from '../../../src/config/model.ts';
import { change, ruleWith, sample } from './sample.ts';

const base = sample();
const NIGHT = { name: 'Night', description: 'Nobody there' };
const ranges = [
  { days: ['sun', 'mon'], from: '08:00', to: '9:15', description: 'Early' },
  {
    dates: [
      { month: 12, day: 31 },
      { month: 1, day: 1 },
    ],
    from: '0:00',
    to: '23:59',
  },
];

describe('schedules', () => {
  const next = change(base, 'schedule.create', { ...NIGHT, ranges });

  test('are written as the page writes them, in the order of their names', () => {
    expect(listAt(next, 'schedules/schedule').map((one) => textAt(one, 'name'))).toEqual(['Night', 'opening_hours']);
    expect(listAt(next, 'schedules/schedule')[0]).toEqual({
      name: 'Night',
      descr: 'Nobody there',
      timerange: [
        { position: '1,7', hour: '8:00-9:15', rangedescr: 'Early' },
        { month: '1,12', day: '1,31', hour: '0:00-23:59', rangedescr: '' },
      ],
      schedlabel: `${(1_795_000_100).toString(16)}00000`,
    });
  });

  test('that are so already change nothing', () => {
    expect(change(next, 'schedule.create', { ...NIGHT, ranges })).toBe(next);
    expect(change(next, 'schedule.update', { ...NIGHT, ranges })).toBe(next);
  });

  test('keep their label when their times change', () => {
    const other = change(next, 'schedule.update', {
      name: 'Night',
      ranges: [{ days: ['sat'], from: '1:00', to: '2:00' }],
    });
    expect(ruleWith(other, 'name', 'Night', 'schedules/schedule')).toMatchObject({
      descr: 'Nobody there',
      schedlabel: textAt(next, 'schedules/schedule/0/schedlabel'),
      timerange: [{ position: '6', hour: '1:00-2:00', rangedescr: '' }],
    });
  });

  test('go when nothing uses them', () => {
    const gone = change(next, 'schedule.delete', { name: 'Night' });
    expect(listAt(gone, 'schedules/schedule')).toEqual(listAt(base, 'schedules/schedule'));
    expect(change(gone, 'schedule.delete', { name: 'Night' })).toBe(gone);
  });
});
