import shipped from '../../feeds.config.ts';
import { defineProgramme } from '../../src/config/programme.ts';

/** The shipped programme, with no waiting for the hold window. */
export default defineProgramme({ ...shipped, sales: { ...shipped.sales, hold: '1 second' } });
