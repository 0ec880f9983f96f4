import type { WebContext } from '../../context.ts';

/** What staff can log on the desk. The API and imports bring others, by the names that rules give them. */
export const TOUCHES = ['phone-call', 'voicemail', 'note'] as const;

/** What a logged contact is called on a page; one that is no text of ours by its own name. */
export function touchName({ say }: Pick<WebContext, 'say'>, name: string, language: string): string {
  return TOUCHES.some((touch) => touch === name) ? say(language, `staff.desk.touch.${name}`) : name;
}
