import { nearest } from './problem.ts';

/** A schema of zod, as far as the names of fields are looked for in it. */
interface Shaped {
  def: {
    shape?: Readonly<Record<string, unknown>>;
    innerType?: unknown;
    element?: unknown;
    valueType?: unknown;
    in?: unknown;
    options?: readonly unknown[];
  };
}

/** The name of its group that was probably meant: some typing slips away, or with it in it ("logoUrl", "articles"). */
export function fieldNear(key: string, names: readonly string[]): string | undefined {
  const near = nearest(key, names);
  if (near !== undefined) return near;
  const [one, other] = names.filter((name) => {
    const [short = '', long = ''] = [key.toLowerCase(), name.toLowerCase()].sort(
      (a, b) => a.length - b.length,
    );
    return short.length >= 4 && long.includes(short);
  });
  return other === undefined ? one : undefined;
}

/** For a name that belongs to other groups of the programme: which. */
export function belongsTo(key: string, schema: unknown): string | undefined {
  const groups = groupsWith(key, schema, []);
  return groups.length > 0 && groups.length <= 3 ? `"${key}" belongs to ${groups.join(' or ')}` : undefined;
}

/** The groups of the programme that have a field of this name. */
function groupsWith(name: string, schema: unknown, path: readonly string[]): string[] {
  const { shape, innerType, element, valueType, in: input, options = [] } = (schema as Shaped).def;
  const inside = [innerType, element, valueType, input, ...options].filter(
    (one) => one !== undefined && one !== null,
  );
  return [
    ...(shape && name in shape && path.length > 0 ? [path.join('.')] : []),
    ...Object.entries(shape ?? {}).flatMap(([key, child]) => groupsWith(name, child, [...path, key])),
    ...inside.flatMap((child) => groupsWith(name, child, path)),
  ];
}
