/** Wider pictures take long to load, and no mail is as wide. */
const WIDE_ENOUGH = 1600;

interface Candidate {
  address: string;
  /** In pixels, or times the usual size; 0 where it is not said. */
  size: number;
}

/** The address of the widest picture of a srcset that is wider than `than`, and not wider than mails need; null for none. */
export function widest(srcset: string, than: number): string | null {
  const candidates = candidatesOf(srcset).filter(({ size }) => size > than);
  const fitting = candidates.filter(({ size }) => size <= WIDE_ENOUGH);
  const [best] =
    fitting.length > 0
      ? fitting.toSorted((a, b) => b.size - a.size)
      : candidates.toSorted((a, b) => a.size - b.size);
  return best?.address ?? null;
}

/**
 * Addresses have commas in them: one ends a candidate only at the end of its address or after its size (HTML, "parse a
 * srcset attribute").
 */
function candidatesOf(srcset: string): Candidate[] {
  const candidates: Candidate[] = [];
  const text = srcset.slice(0, 10_000);
  for (let at = 0; at < text.length; ) {
    const [blank] = /^[\s,]*/.exec(text.slice(at, at + 100))!;
    at += blank.length;
    const end = at + text.slice(at).search(/\s|$/);
    const written = text.slice(at, end);
    if (written === '' && blank === '') break;
    at = end;
    const address = written.replace(/(?<!,),+$/, '');
    let size = 0;
    if (address === written) {
      const comma = text.indexOf(',', at);
      const descriptor = text.slice(at, comma === -1 ? text.length : comma);
      size = Number.parseFloat(/(?<!\d)(\d+(?:\.\d+)?)[wx]/.exec(descriptor)?.[1] ?? '0');
      at = comma === -1 ? text.length : comma + 1;
    }
    if (address !== '') candidates.push({ address, size });
  }
  return candidates;
}
