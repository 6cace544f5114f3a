import { X509Certificate } from 'node:crypto';
import type { CertificateItem, RevocationList } from './snippet.ts';

/** What a certificate says about itself. Times in milliseconds since the epoch. */
export interface CertificateText {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly serial: string;
  readonly fingerprint: string;
}

/** Reads base64 of a PEM; undefined when it is no certificate. */
export function readCertificate(crt: string): CertificateText | undefined {
  try {
    const certificate = new X509Certificate(Buffer.from(crt, 'base64'));
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      names: (certificate.subjectAltName ?? '').split(', ').filter((name) => name !== ''),
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
      serial: certificate.serialNumber,
      fingerprint: certificate.fingerprint256,
    };
  } catch {
    return undefined;
  }
}

/** Node puts each part of a name on a line of its own. */
function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

/** Is the certificate on a list of its issuer? By reference, or by its serial number, as pfSense compares. */
export function isRevoked(item: CertificateItem, lists: readonly RevocationList[]): boolean {
  const serial = serialOf(item);
  return lists
    .filter(({ caref }) => caref === item.caref)
    .some(({ revoked }) =>
      revoked.some(
        (entry) => (entry.refid !== '' && entry.refid === item.refid) || (serial && serialOf(entry) === serial),
      ),
    );
}

/** In decimal, as pfSense stores serial numbers; hexadecimal ones are recognised by their prefix. */
function serialOf({ serial, crt }: { serial: string; crt: string }): string | undefined {
  const written = crt === '' ? serial : (readCertificate(crt)?.serial ?? '');
  if (written === '') return undefined;
  const isHex = crt !== '' || /^0x/i.test(written);
  const digits = isHex ? `0x${written.replace(/^0x/i, '')}` : written;
  return /^(0x[0-9a-f]+|\d+)$/i.test(digits) ? BigInt(digits).toString() : undefined;
}
