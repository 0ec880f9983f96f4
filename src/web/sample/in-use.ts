/**
 * Whether a programme points to the made-up company anywhere: with a feed, its logo, its site, a link. Nobody else's
 * installation shows it.
 */
export function usesSample(programme: object, publicUrl: string): boolean {
  const isSample = (path: string) => path === '/sample' || path.startsWith('/sample/');
  return textsIn(programme).some(
    (text) => isSample(text) || (text.startsWith(`${publicUrl}/`) && isSample(text.slice(publicUrl.length))),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
