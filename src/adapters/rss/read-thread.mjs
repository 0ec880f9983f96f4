// The thread in which feeds are read. The program is TypeScript, and a thread starts without what loads it.
import { register } from 'tsx/esm/api';

register();
await import('./read-thread.ts');
