import { booking } from '../../lambdas/dialects/booking.ts';
import { speaks } from './behaviour.ts';
import { vectors } from './booking.vectors.ts';

speaks(booking, vectors);
