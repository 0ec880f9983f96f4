import { createIsbotFromList, list } from 'isbot';
import { isOnAPhone, withoutDevice } from '../../domain/tracking/user-agents.ts';

/** Words of the general list that apps write behind the browser they show pages in: "ReutersNews", "miniProgram tools". */
const APPS_WRITE = new Set([
  '(?:^|[^g])news(?!sapphire)',
  '(?<! channel/|google/)google(?!(?:wv|app|/google| pixel))',
  '\\(\\)',
  '\\.com\\b',
  ';\\s\\w+;$',
  '24x7',
  'download',
  'java(?!;)',
  'proxy',
  'tools',
]);

const namesItself = createIsbotFromList(list);
const namesItselfOnAPhone = createIsbotFromList(list.filter((pattern) => !APPS_WRITE.has(pattern)));

/** True for agents that a general list takes for robots. Mail programs are among them; `classify` sorts those out before. */
export function isDeclaredBot(userAgent: string): boolean {
  const agent = withoutDevice(userAgent);
  return isOnAPhone(agent) ? namesItselfOnAPhone(agent) : namesItself(agent);
}
