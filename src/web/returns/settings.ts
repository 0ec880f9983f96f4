/** How each provider proves that a post is its own; null: that provider is not in use, and its address answers 404. */
export interface ReturnIntakeSettings {
  /** The ARN of the SNS topic that SES publishes to. */
  sesTopic: string | null;
  /** "user:password" of the webhook's address. */
  postmark: string | null;
  /** SendGrid's verification key, base64 of a public key. */
  sendgridKey: string | null;
  /** Mailgun's HTTP webhook signing key. */
  mailgunKey: string | null;
}
