import { direct } from '../../lambdas/dialects/direct.ts';
import { speaks } from './behaviour.ts';
import { vectors } from './direct.vectors.ts';

speaks(direct, vectors);
