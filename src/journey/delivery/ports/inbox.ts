/** A mail that the built-in inbox took in, as it came over the wire. */
export interface InboxMail {
  id: number;
  receivedAt: Date;
  /** The envelope's sender and recipients, not the header's. */
  mailFrom: string;
  rcptTo: string[];
  subject: string;
}

export interface InboxStore {
  add(mail: Omit<InboxMail, 'id'> & { raw: Buffer }): Promise<void>;
  /** Newest first. `to` is a whole address; `search` is looked for in subject and addresses. */
  list(filter: { to?: string; search?: string; limit: number; before?: number }): Promise<InboxMail[]>;
  find(id: number): Promise<(InboxMail & { raw: Buffer }) | null>;
}
