import { userInfo } from 'node:os';

/** Why a file or folder cannot be used, as a sentence. */
export function fileFault(error: unknown): string {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'it is not there.';
    case 'EACCES':
    case 'EPERM':
      return `the user ${user()} may not write or read it.`;
    case 'EROFS':
      return 'it is on a file system that cannot be written to.';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full.';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'it is a file, or lies below one.';
    case 'EISDIR':
      return 'it is a folder, not a file.';
    default:
      return `${message}.`;
  }
}

/** As the person at the terminal knows it; a container's users may have no name. */
function user(): string {
  try {
    const { username, uid } = userInfo();
    return uid < 0 ? username : `${username} (number ${uid})`;
  } catch {
    return `number ${process.getuid?.()}`;
  }
}
