import { conversation } from '../../lambdas/dialects/conversation.ts';
import { speaks } from './behaviour.ts';
import { vectors } from './conversation.vectors.ts';

speaks(conversation, vectors);
