import type { Finding } from '../ports/mail-dns.ts';

// What `simmer doctor` says of one thing.

export function fine(what: string, says: string): Finding {
  return { what, state: 'fine', says, todo: null };
}

export function look(what: string, says: string, todo: string): Finding {
  return { what, state: 'look', says, todo };
}

export function mend(what: string, says: string, todo: string): Finding {
  return { what, state: 'mend', says, todo };
}
