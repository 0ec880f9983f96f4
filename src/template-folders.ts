import { fileURLToPath } from 'node:url';

/** Where templates of mails, pages or texts, or what pages show, lie, from wherever Simmer was started. */
export function templates(folder: 'mails' | 'pages' | 'locales' | 'pages/assets' | 'sample/images'): string {
  return fileURLToPath(new URL(`../templates/${folder}`, import.meta.url));
}
