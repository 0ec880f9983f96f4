// A thread that reads what comes from outside. The program is TypeScript, and a thread starts without what loads it.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.program);
