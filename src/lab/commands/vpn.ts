import type { CommandResult } from '../php/backend.ts';
import { type LabBox, ok } from './program.ts';

/** The branch office is connected, the warehouse is not. */
export function swanctl(args: readonly string[]): CommandResult {
  if (args.join(' ') !== '--list-sas --raw') return { stdout: '', stderr: 'swanctl: not simulated\n', code: 1 };
  const child = [
    'name=con1 uniqueid=7 reqid=1 state=INSTALLED mode=TUNNEL protocol=ESP spi-in=c0ffee01 spi-out=c0ffee02',
    'encr-alg=AES_GCM_16 encr-keysize=256 bytes-in=48211 packets-in=512 bytes-out=90210 packets-out=600',
    'rekey-time=2811 life-time=3360 install-time=240 local-ts=[192.168.1.0/24] remote-ts=[10.20.0.0/24]',
  ].join(' ');
  const sa = [
    'uniqueid=3 version=2 state=ESTABLISHED local-host=198.51.100.23 local-port=4500 local-id=198.51.100.23',
    'remote-host=198.51.100.200 remote-port=4500 remote-id=C=DE, O=Branch office, CN=branch.example initiator=yes',
    'initiator-spi=0011223344556677 responder-spi=8899aabbccddeeff encr-alg=AES_GCM_16 encr-keysize=256',
    'prf-alg=PRF_HMAC_SHA2_256 dh-group=MODP_2048 established=5120 rekey-time=20111',
  ].join(' ');
  return ok(`list-sa event {con1 {${sa} child-sas {con1-7 {${child}}}}}\nlist-sas reply {}\n`);
}

/** One tunnel; Alice talked two minutes ago, Bob never did. */
export function wg(args: readonly string[], { startedAt }: LabBox): CommandResult {
  if (args.join(' ') !== 'show all dump') return { stdout: '', stderr: 'wg: not simulated\n', code: 1 };
  const tunnel = [
    'tun_wg0',
    'bGFiLW9ubHktd2lyZWd1YXJkLXByaXZhdGUta2V5IQ==',
    'c2VydmVyLXB1YmxpYy1rZXktb2YtdGhlLWxhYi13ZzAhIQ==',
    '51820',
    'off',
  ];
  const peer = (key: string, psk: string, endpoint: string, allowed: string, handshake: number, bytes: number) => [
    'tun_wg0',
    key,
    psk,
    endpoint,
    allowed,
    String(handshake),
    String(bytes),
    String(bytes * 7),
    'off',
  ];
  const rows = [
    tunnel,
    peer(
      'YWxpY2UtcHVibGljLWtleS1vZi10aGUtbGFiLXdnMCEhISE=',
      'bGFiLW9ubHktd2lyZWd1YXJkLXByZXNoYXJlZC1rZXkhIQ==',
      '203.0.113.77:40111',
      '10.9.0.2/32',
      Math.floor(startedAt / 1000) - 120,
      18_811,
    ),
    peer('Ym9iLXB1YmxpYy1rZXktb2YtdGhlLWxhYi13ZzAhISEhISE=', '(none)', '(none)', '10.9.0.3/32', 0, 0),
  ];
  return ok(rows.map((row) => `${row.join('\t')}\n`).join(''));
}
