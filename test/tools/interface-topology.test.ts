import { expect, test } from 'vitest';
import { parseConfigXml } from '../../src/config/xml.ts';
import { savedInterfaces } from '../../src/tools/interface/saved.ts';
import { placeOf, savedTopology } from '../../src/tools/interface/topology.ts';

const CONFIG = parseConfigXml(`<?xml version="1.0"?><pfsense><version>23.3</version>
<interfaces>
  <lan><descr>LAN</descr><if>bridge0</if></lan>
  <opt1><descr>Office</descr><if>igb2</if></opt1>
  <opt2><descr>Servers</descr><if>lagg0.20</if></opt2>
</interfaces>
<vlans><vlan><if>lagg0</if><tag>20</tag><vlanif>lagg0.20</vlanif></vlan></vlans>
<laggs><lagg><laggif>lagg0</laggif><proto>lacp</proto><members>igb0,igb1</members></lagg></laggs>
<bridges><bridged><bridgeif>bridge0</bridgeif><members>opt1,opt9</members></bridged></bridges>
<virtualip><vip><mode>carp</mode><interface>opt2</interface><vhid>7</vhid><password>geheim</password><subnet>10.0.0.9</subnet><subnet_bits>24</subnet_bits><descr>Gate</descr></vip></virtualip>
</pfsense>`);

const rows = savedInterfaces(CONFIG);
const place = (id: string) => {
  const row = rows.find((candidate) => candidate.id === id);
  if (!row) throw new Error(`There is no ${id}.`);
  return placeOf(row, rows, savedTopology(CONFIG));
};

test('a bridge names its members, also one that is not assigned any more', () => {
  expect(place('lan')).toEqual({ bridge: { device: 'bridge0', members: ['Office', 'opt9'] } });
});

test('a member of a bridge names the bridge', () => {
  expect(place('opt1')).toEqual({ inBridge: 'bridge0' });
});

test('a VLAN on a LAGG shows the links below it, and its virtual address without the password', () => {
  expect(place('opt2')).toEqual({
    lagg: { device: 'lagg0', protocol: 'lacp', members: ['igb0', 'igb1'] },
    virtualIps: [{ address: '10.0.0.9', prefix: 24, mode: 'carp', vhid: 7, description: 'Gate' }],
  });
});
