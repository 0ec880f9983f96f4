// What a reader, a lead and an answer of sales can be. By themselves, because reasons name them.

export type SubscriberStatus = 'pending' | 'active' | 'unsubscribed' | 'suppressed';

export type Stage = 'mql' | 'sql' | 'customer';

/** Where a person stands on the way from sign-up to customer. */
export type ShownStage = 'unconfirmed' | Stage | 'left';

export type OutcomeStatus = 'in-progress' | 'won' | 'lost' | 'rejected';
