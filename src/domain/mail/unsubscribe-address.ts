/** Where readers' mail programs may write to end the newsletter (RFC 2369): "unsubscribe+TOKEN@bounces.example.com". */
export function unsubscribeAddress(token: string, domain: string): string {
  return `unsubscribe+${token}@${domain}`;
}

/** The token in such an address, or null. It is to be verified, and mail servers must have kept its case. */
export function readUnsubscribeAddress(address: string): string | null {
  return /^unsubscribe\+([A-Za-z0-9_-]{20,60})@/i.exec(address)?.[1] ?? null;
}

/** Where providers send complaints (feedback loops), and people write who look for somebody to complain to. */
export function isComplaintAddress(address: string, domain: string): boolean {
  const [name, host] = address.toLowerCase().split('@');
  return host === domain.toLowerCase() && ['complaints', 'abuse', 'postmaster', 'fbl'].includes(name ?? '');
}
