import { readFileSync } from 'node:fs';

const FOLDER = new URL('../fixtures/real-use/', import.meta.url);

/** An input that real use brought and what is right for it: one line of `real-use/corpora.jsonl`. */
export type RealCase<Input, Want> = { id: string; cluster: string; input: Input; want: Want; note: string };

/** The cases of one cluster, in the order of the file. Throws when the cluster is unknown, so that no test runs on nothing. */
export function realCases<Input, Want>(cluster: string): RealCase<Input, Want>[] {
  const cases = readFileSync(new URL('corpora.jsonl', FOLDER), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RealCase<Input, Want>)
    .filter((one) => one.cluster === cluster);
  if (cases.length === 0) throw new Error(`corpora.jsonl has no cluster "${cluster}"`);
  return cases;
}

/** The bytes of a file below `real-use`, such as `03-rss-title-names-element/feed.xml`; its README says what is expected. */
export const realFile = (path: string): Buffer => readFileSync(new URL(path, FOLDER));
