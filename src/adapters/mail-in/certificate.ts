import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Log } from '../../journey/ports.ts';

/** Files in PEM: the certificate with those above it, and its private key. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

export interface Certificate {
  cert: Buffer;
  key: Buffer;
}

/** Certificates are renewed every few weeks; whoever does it need not know of us. */
const LOOK_AGAIN_MS = 3_600_000;

/** Reads both files and tries them. @throws an Error for people: which file, and what is wrong with it. */
export function readCertificate({ cert, key }: CertificateFiles): Certificate {
  const read = (path: string, name: string) => {
    try {
      return readFileSync(path);
    } catch (error) {
      throw new Error(
        `${name}: ${path} cannot be read (${(error as Error).message}). Set it to a file that Simmer may read.`,
      );
    }
  };
  const pair = { cert: read(cert, 'RETURN_TLS_CERT'), key: read(key, 'RETURN_TLS_KEY') };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new Error(
      `RETURN_TLS_CERT and RETURN_TLS_KEY: ${(error as Error).message}. Both must be PEM, and the key that of the certificate.`,
    );
  }
  return pair;
}

/** Tells of a renewed certificate, until the answer is called. One that cannot be used is logged and the old one goes on. */
export function watchCertificate(
  files: CertificateFiles,
  use: (certificate: Certificate) => void,
  log: Log,
  everyMs: number = LOOK_AGAIN_MS,
): () => void {
  let before = changedAt(files);
  const timer = setInterval(() => {
    const now = changedAt(files);
    if (now === before) return;
    before = now;
    try {
      use(readCertificate(files));
      log.info({}, 'the certificate for the return path is new: it is used from now on');
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'the new certificate for the return path cannot be used');
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function changedAt({ cert, key }: CertificateFiles): string {
  return [cert, key].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(' ');
}
