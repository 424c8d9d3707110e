/** A process that owns an engine, says where it answers, and waits to be killed. */
import { startEngine } from '../../local/engine.ts';

const engine = await startEngine();
console.log(engine.endpoint);
