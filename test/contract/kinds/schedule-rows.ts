import type { Row } from './row.ts';

/** A schedule that is always on, and one day of it more. */
export function scheduleRows(hours: string): Row[] {
  const list = 'schedules/schedule';
  const edit = 'firewall_schedule_edit.php';
  const form = {
    ...{ save: 'Save', name: hours, descr: 'Always', schedule0: '1,2,3,4,5,6,7' },
    ...{ starttime0: '0:00', stoptime0: '23:59', timedescr0: 'Every day' },
  };
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const always = { position: '1,2,3,4,5,6,7', hour: '0:00-23:59', rangedescr: 'Every day' };
  const range = { days, from: '0:00', to: '23:59', description: 'Every day' };
  const schedule = { name: hours, descr: 'Always', schedlabel: 'LABEL' };
  return [
    {
      kind: 'schedule.create',
      args: () => ({ name: hours, description: 'Always', ranges: [range] }),
      touches: ['schedules/schedule'],
      entry: [list, 'name', hours],
      becomes: { ...schedule, timerange: [always] },
      page: [edit, () => form],
      list: ['firewall_schedule.php', {}, hours, true],
    },
    {
      kind: 'schedule.update',
      args: () => ({
        name: hours,
        ranges: [
          range,
          {
            dates: [
              { month: 12, day: 24 },
              { month: 1, day: 6 },
            ],
            from: '8:00',
            to: '9:30',
          },
        ],
      }),
      touches: ['schedules/schedule'],
      entry: [list, 'name', hours],
      becomes: { ...schedule, timerange: [always, { month: '1,12', day: '6,24', hour: '8:00-9:30', rangedescr: '' }] },
      page: [
        edit,
        (here) => ({
          ...{ ...form, id: here.place(list, 'name', hours), schedule1: 'w1p2-m1d6,w4p4-m12d24,' },
          ...{ starttime1: '8:00', stoptime1: '9:30', timedescr1: '' },
        }),
      ],
    },
  ];
}

/** The schedule gone. */
export function scheduleEndRow(hours: string): Row {
  return {
    kind: 'schedule.delete',
    args: () => ({ name: hours }),
    touches: ['schedules/schedule'],
    entry: ['schedules/schedule', 'name', hours],
    becomes: null,
    page: ['firewall_schedule.php', (here) => ({ act: 'del', id: here.place('schedules/schedule', 'name', hours) })],
    list: ['firewall_schedule.php', {}, hours, false],
  };
}
