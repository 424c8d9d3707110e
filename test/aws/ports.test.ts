import { everyPortContract } from '../contracts/every-port.contract.ts';
import { tablePorts } from './table-ports.ts';

everyPortContract(tablePorts);
