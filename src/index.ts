/** What a programme file (feeds.config.ts) imports: `import { defineProgramme } from 'simmer'`. */
export { defineProgramme } from './config/programme.ts';
