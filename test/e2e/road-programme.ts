import { defineProgramme } from '../../src/config/programme.ts';
import programme from './programme.ts';

/** Mails go out when a test sends them: a scheduled issue that came due in between would change scores. */
export default defineProgramme({
  ...programme,
  digests: programme.digests.map((digest) => ({ ...digest, startingOn: '2400-01-04' })),
});
