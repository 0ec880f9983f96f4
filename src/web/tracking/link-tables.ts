import type { IssueLink, IssueStore } from '../../journey/delivery/ports.ts';

/** Link number → link. */
type LinkTable = ReadonlyMap<number, IssueLink>;

export interface LinkTables {
  /** Empty for an issue that is not there. Rejects when the table is not in memory and cannot be read. */
  of(issueId: number): Promise<LinkTable>;
}

/**
 * The issues' link tables, each read once: a mail's links never change. Readers click the newest issues, so the
 * tables used longest ago are forgotten when there are more than `most`.
 */
export function makeLinkTables(issues: Pick<IssueStore, 'links'>, most = 1000): LinkTables {
  const tables = new Map<number, Promise<LinkTable>>();

  async function read(issueId: number): Promise<LinkTable> {
    const links = await issues.links(issueId);
    return new Map(links.map((link) => [link.number, link]));
  }

  return {
    of(issueId) {
      const table = tables.get(issueId) ?? read(issueId);
      // Put last again: the map keeps the order of use.
      tables.delete(issueId);
      tables.set(issueId, table);
      table.then(
        ({ size }) => size === 0 && tables.delete(issueId),
        () => tables.delete(issueId),
      );
      if (tables.size > most) tables.delete(tables.keys().next().value as number);
      return table;
    },
  };
}
