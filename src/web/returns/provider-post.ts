/** A post to /returns/PROVIDER, with what is needed to tell whether it is the provider's. */
export interface ProviderPost {
  body: Buffer;
  header: (name: string) => string | undefined;
  /** The provider's setting. */
  setting: string;
  now: Date;
  /** Gets a text over https; only ever asked for addresses of the provider. */
  fetchText: (url: string) => Promise<string>;
  /** The same, once for each address. */
  fetchOnce: (url: string) => Promise<string>;
  log: (details: object, message: string) => void;
}

/** What the provider told, each event as a text of its own. Where the signature covers a token alone, that serves once. */
export type VerifiedPost = { posts: string[] } | { post: string; token: string };

/** Null: it is not signed as it must be. */
export type VerifyPost = (post: ProviderPost) => Promise<VerifiedPost | null> | VerifiedPost | null;
