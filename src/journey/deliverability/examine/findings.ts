import { redact } from '../../../domain/redact.ts';
import type { Finding } from '../ports/mail-dns.ts';

// What `simmer doctor` says of one thing.

export function fine(what: string, says: string): Finding {
  return finding(what, 'fine', says, null);
}

export function look(what: string, says: string, todo: string): Finding {
  return finding(what, 'look', says, todo);
}

export function mend(what: string, says: string, todo: string): Finding {
  return finding(what, 'mend', says, todo);
}

/** Servers and drivers quote what they were given: no password of it may show. */
function finding(what: string, state: Finding['state'], says: string, todo: string | null): Finding {
  return { what: redact(what), state, says: redact(says), todo: todo && redact(todo) };
}
