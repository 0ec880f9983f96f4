import type { WebhookType } from '../../../domain/sales/webhook.ts';

/** Another program that wants to be told. */
export interface Webhook {
  id: number;
  url: string;
  /** whsec_ and base64. */
  secret: string;
  types: string[];
  /** It may lie in the company's own network. */
  allowPrivate: boolean;
  createdAt: Date;
  endedAt: Date | null;
  endReason: string | null;
}

/** Something to tell, to everybody who wants its type. */
export interface Announcement {
  type: WebhookType;
  /** One cause, one message per receiver. */
  dedupeKey: string;
  at: Date;
  data: Record<string, unknown>;
}

/** A message in a worker's hands. */
export interface ClaimedMessage {
  id: number;
  webhook: Pick<Webhook, 'id' | 'url' | 'secret' | 'allowPrivate'>;
  messageId: string;
  type: string;
  at: Date;
  data: Record<string, unknown>;
  /** How often it was tried before. */
  attempts: number;
  /** Who no longer has it cannot settle it. */
  claim: number;
}

export type WebhookAnswer =
  | { statusCode: number; error: null; tookMs: number }
  /** No answer came, or none that could be read. */
  | { statusCode: null; error: string; tookMs: number };

export type MessageFate =
  | { status: 'delivered' }
  | { status: 'retry'; dueAt: Date }
  /** `endWebhook`: the receiver is gone for good, nothing more is sent to it. */
  | { status: 'failed'; endWebhook: string | null };

export interface LoggedMessage {
  id: number;
  webhookId: number;
  messageId: string;
  type: string;
  at: Date;
  status: string;
  dueAt: Date;
  attempts: { at: Date; statusCode: number | null; error: string | null; tookMs: number }[];
}

export interface WebhookStore {
  add(webhook: Pick<Webhook, 'url' | 'secret' | 'types' | 'allowPrivate' | 'createdAt'>): Promise<number>;
  /** Those that still get messages; with `all` also those that ended. */
  list(all: boolean): Promise<Webhook[]>;
  /** False when there is none with this id, or it ended before. */
  end(id: number, reason: string, at: Date): Promise<boolean>;
  /** A message for every receiver that wants this type. Says how many are new. */
  announce(announcement: Announcement): Promise<number>;
  /** A message for one receiver, whatever it wants. */
  announceTo(webhookId: number, announcement: Announcement): Promise<number | null>;
  /** planned → sending, also for what a dead worker left. Messages of receivers that ended are failed. */
  claimDue(now: Date, leaseMs: number, limit: number, worker?: string): Promise<ClaimedMessage[]>;
  /** Logs the try and writes its fate, together. Does nothing when the claim is no longer ours. */
  settle(
    message: Pick<ClaimedMessage, 'id' | 'claim'>,
    answer: WebhookAnswer,
    fate: MessageFate,
    at: Date,
  ): Promise<void>;
  /** Newest first, with their tries, oldest first. */
  log(filter: { webhookId: number | null; limit: number }): Promise<LoggedMessage[]>;
  /** delivered or failed → planned, due now, under the same message id. False when it is not there or under way. */
  resend(id: number, now: Date): Promise<boolean>;
}

/** Posts one message. Never throws: a fault is an answer in words. */
export interface WebhookSender {
  post(
    url: string,
    body: string,
    headers: Record<string, string>,
    options: { allowPrivate: boolean },
  ): Promise<WebhookAnswer>;
}
