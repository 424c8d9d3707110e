import { everyPortContract } from '../contracts/every-port.contract.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

everyPortContract(async () => memoryPorts());
