import { appointment } from '../../lambdas/dialects/appointment.ts';
import { vectors } from './appointment.vectors.ts';
import { speaks } from './behaviour.ts';

speaks(appointment, vectors);
