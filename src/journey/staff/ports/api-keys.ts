/** What a key may be used for. */
export type Scope = 'events:write' | 'outcomes:write' | 'subscribers:read' | 'subscribers:write';

export interface ApiKey {
  id: number;
  name: string;
  /** The first characters, to tell keys apart. */
  start: string;
  scopes: Scope[];
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
}

export interface ApiKeyStore {
  add(key: { name: string; hash: string; start: string; scopes: Scope[] }, now: Date): Promise<number>;
  /** Oldest first. */
  list(): Promise<ApiKey[]>;
  /** False when there is no such key, or it was revoked before. */
  revoke(id: number, now: Date): Promise<boolean>;
  /** The key with this hash, unless it was revoked. Notes that it is used, once a minute at most. */
  use(hash: string, now: Date): Promise<ApiKey | null>;
  /**
   * Holds an idempotency key until the transaction ends, so that a repeat waits for the first call, and gives what was
   * answered under it before.
   */
  answered(apiKeyId: number, key: string): Promise<(ApiAnswer & { requestHash: string }) | null>;
  keepAnswer(apiKeyId: number, key: string, requestHash: string, answer: ApiAnswer, now: Date): Promise<void>;
  /** Forgets answers given before this time. */
  forgetAnswers(before: Date): Promise<void>;
}
