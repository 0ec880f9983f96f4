/** "an…@example.com": enough for its owner to know it, too little for whoever a mail was forwarded to. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, Math.min(2, Math.max(1, at - 1)))}…${address.slice(at)}`;
}

/** "… 23" of "+31 20 555 01 23". */
export function maskPhone(phone: string): string {
  return `… ${phone.replace(/\D/g, '').slice(-2)}`;
}

/** "A… V…" of "Anna Visser". */
export function maskName(name: string): string {
  return name
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => `${[...new Intl.Segmenter().segment(word)][0]?.segment ?? ''}…`)
    .join(' ');
}
