import { fileURLToPath } from 'node:url';

/** Where templates of mails, pages or texts lie, from wherever Simmer was started. */
export function templates(folder: 'mails' | 'pages' | 'locales'): string {
  return fileURLToPath(new URL(`../templates/${folder}`, import.meta.url));
}
