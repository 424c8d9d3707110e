import { everyPortContract } from '../contracts/every-port.contract.ts';
import { tablesForFile } from './table-ports.ts';

everyPortContract(tablesForFile().newPorts);
