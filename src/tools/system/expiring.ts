import { type ConfigTree, listAt, textAt } from '../../config/model.ts';
import { readCertificate } from '../certificate/read.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const MOST = 20;

/** Authorities and certificates of a configuration that end within 30 days of `nowMs`, or have ended. */
export function expiringCertificates(config: ConfigTree, nowMs: number) {
  return [...listAt(config, 'ca'), ...listAt(config, 'cert')]
    .flatMap((entry) => {
      const certificate = readCertificate(textAt(entry, 'crt') ?? '');
      if (certificate === undefined) return [];
      const daysLeft = Math.floor((certificate.notAfter - nowMs) / DAY_MS);
      const row = { name: textAt(entry, 'descr') ?? '', refid: textAt(entry, 'refid') ?? '', daysLeft };
      return daysLeft > SOON_DAYS ? [] : [row];
    })
    .slice(0, MOST);
}
