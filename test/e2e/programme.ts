import shipped from '../../feeds.config.ts';
import { defineProgramme } from '../../src/config/programme.ts';

/** The shipped programme without its waiting times: no hold window, and reading at once is no sign of a scanner. */
export default defineProgramme({
  ...shipped,
  sales: { ...shipped.sales, hold: '1 second' },
  machines: { scannerWindow: '0 seconds', gatewayWindow: '0 seconds' },
});
