/**
 * A process that writes or restores a backup, for tests that kill it or look at its memory:
 * node --import tsx test/support/backup-child.ts backup|restore DATABASE_URL FILE
 * Prints the most memory that it held, in MB.
 */
import { backUp, putBack } from './backup.ts';

const [what, url, path] = process.argv.slice(2) as [string, string, string];
if (what === 'backup') await backUp(url, path);
else await putBack(url, path);
process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
