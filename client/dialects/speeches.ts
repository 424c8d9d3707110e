import { appointment } from './appointment.ts';
import { booking } from './booking.ts';
import { conversation } from './conversation.ts';
import { direct } from './direct.ts';
import type { Speech } from './speech.ts';
import { support } from './support.ts';

const SPEECHES: ReadonlyMap<string, Speech> = new Map(
  [booking, conversation, direct, appointment, support].map((speech) => [speech.name, speech]),
);

/** How a dialect is spoken. @throws Error for an unknown one. */
export function speechOf(dialect: string): Speech {
  const speech = SPEECHES.get(dialect);
  if (!speech) throw new Error(`Unknown dialect: ${dialect}`);
  return speech;
}
