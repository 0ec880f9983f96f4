import { isbot } from 'isbot';

/** Mail scanners that name themselves, and that the general list does not know. */
const MAIL_SCANNER = /barracuda|proofpoint|mimecast|ironport|fireeye|trendmicro|symantec|messagelabs|sophos/i;

/** True for agents that say they are robots. Mail proxies are among them; `classify` sorts those out before. */
export const isDeclaredBot = (userAgent: string): boolean => isbot(userAgent) || MAIL_SCANNER.test(userAgent);
