import { firstNameOf } from '../audience/person-name.ts';
import type { Subscriber } from '../audience/subscriber.ts';
import type { Links } from '../links.ts';
import { inLanguage, type Programme } from '../programme.ts';
import type { ConfirmationMail } from './mails.ts';

/**
 * What the confirmation mail says to one subscriber. Its links open the preference page; following one changes
 * nothing, pressing the button there does. Of all that a form typed it holds the first name alone: anybody may have typed it.
 */
export function confirmationMail(input: {
  programme: Programme;
  links: Links;
  subscriber: Pick<Subscriber, 'id' | 'name' | 'language'>;
}): ConfirmationMail {
  const { programme, links, subscriber } = input;
  return {
    name: firstNameOf(subscriber.name),
    digests: programme.digests.map(({ name, schedule: { every, unit, weekdays } }) => ({
      name: inLanguage(name, subscriber.language),
      schedule: { every, unit, weekdays },
    })),
    interests: programme.interests.map(({ id, label, description }) => ({
      id,
      label: inLanguage(label, subscriber.language),
      description: inLanguage(description, subscriber.language),
      url: links.preferences(subscriber.id, id),
    })),
    allInterestsUrl: links.preferences(subscriber.id, 'all'),
    unsubscribeUrl: links.unsubscribe(subscriber.id),
  };
}
