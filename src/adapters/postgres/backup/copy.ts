import { once } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

// COPY, which pg leaves to others: it gives a query of its own the messages as they come.

interface Connection {
  stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(why: string): void;
}

interface Message {
  chunk: Buffer;
  text?: string;
}

/** What pg calls of a query. What COPY does not bring needs no answer. */
abstract class Copy {
  protected connection!: Connection;
  /** Rows, as Postgres counted them. */
  rows = 0;
  readonly done: Promise<void>;
  private resolve!: () => void;
  protected reject!: (error: unknown) => void;
  protected failure: unknown;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Who writes or reads is told too.
    this.done.catch(() => {});
  }

  submit(connection: unknown): void {
    this.connection = connection as Connection;
    this.connection.query(this.text);
  }
  handleError(error: unknown): void {
    this.failure ??= error;
    this.reject(error);
  }
  handleCommandComplete({ text = '' }: Message): void {
    this.rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0);
  }
  handleReadyForQuery(): void {
    this.resolve();
  }
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}

class CopyOut extends Copy {
  private readonly take: (chunk: Buffer) => Promise<void> | null;

  constructor(text: string, take: (chunk: Buffer) => Promise<void> | null) {
    super(text);
    this.take = take;
  }
  handleCopyData({ chunk }: Message): void {
    if (this.failure !== undefined) return;
    const busy = this.take(chunk);
    if (busy === null) return;
    // Whoever takes it is slower than Postgres: it waits, as the network's buffers are full.
    const { stream } = this.connection;
    stream.pause();
    busy.then(
      () => stream.resume(),
      (error) => {
        this.failure = error;
        stream.resume();
        this.reject(error);
      },
    );
  }
}

class CopyIn extends Copy {
  private begin!: () => void;
  private readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve;
  });

  handleCopyInResponse(): void {
    this.begin();
  }
  async write(chunk: Buffer): Promise<void> {
    await Promise.race([this.begun, this.done]);
    if (this.failure !== undefined) throw this.failure;
    this.connection.sendCopyFromChunk(chunk);
    const { stream } = this.connection;
    if (stream.writableNeedDrain) await Promise.race([once(stream, 'drain'), this.done]);
  }
  async end(): Promise<number> {
    await Promise.race([this.begun, this.done]);
    if (this.failure === undefined) this.connection.endCopyFrom();
    await this.done;
    return this.rows;
  }
  async fail(why: string): Promise<void> {
    await Promise.race([this.begun, this.done]).catch(() => {});
    if (this.failure === undefined) this.connection.sendCopyFail(why);
    await this.done.catch(() => {});
  }
}

/**
 * Runs a COPY … TO STDOUT. `take` gets the rows in pieces; while a promise that it gives is not kept, nothing more is read.
 * Says how many rows there were.
 */
export async function copyOut(
  client: pg.Client,
  text: string,
  take: (chunk: Buffer) => Promise<void> | null,
): Promise<number> {
  const copy = client.query(new CopyOut(text, take));
  await copy.done;
  return copy.rows;
}

/** Begins a COPY … FROM STDIN. `end` says how many rows Postgres took; an error of any row comes from either call. */
export function copyIn(client: pg.Client, text: string): Pick<CopyIn, 'write' | 'end' | 'fail'> {
  return client.query(new CopyIn(text));
}
