import { support } from '../../lambdas/dialects/support.ts';
import { speaks } from './behaviour.ts';
import { vectors } from './support.vectors.ts';

speaks(support, vectors);
