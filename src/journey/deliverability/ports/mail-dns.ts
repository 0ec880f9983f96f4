/** Answers of the DNS. An empty list: there is none; a rejection: it could not be asked. */
export interface MailDns {
  txt(name: string): Promise<string[]>;
  mx(name: string): Promise<{ exchange: string; priority: number }[]>;
  addresses(name: string): Promise<string[]>;
  names(address: string): Promise<string[]>;
}

export interface SmtpExamination {
  host: string;
  port: number;
  isLoopback: boolean;
  /** Null: it could be reached, secured and authenticated as the setting asks. */
  problem: { at: 'connecting' | 'authentication'; words: string } | null;
  isEncrypted: boolean;
  isAuthenticated: boolean;
}

/** One line of the doctor. 'look' is worth a look and fails nothing. */
export interface Finding {
  what: string;
  state: 'fine' | 'look' | 'mend';
  says: string;
  /** What to do; null when fine. */
  todo: string | null;
}

export interface DomainInput {
  fromDomain: string;
  returnPathDomain: string | null;
  dkimKeys: { domain: string; selector: string; name: string; publicKey: string; record: string }[];
  /** The mail server that mails are handed to; null: none is set. */
  smtpHost: { host: string; isLoopback: boolean } | null;
}
