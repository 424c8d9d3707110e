import type { AppointmentEvents, AppointmentRequests } from './appointment-types.ts';
import type { BookingEvents, BookingRequests } from './booking-types.ts';
import type { ConversationEvents, ConversationRequests } from './conversation-types.ts';
import type { DirectEvents, DirectRequests } from './direct-types.ts';
import type { SupportEvents, SupportRequests } from './support-types.ts';

/** Each dialect's words: what is heard, by event, and what is asked, with what is answered. */
export type Vocabularies = {
  readonly booking: { readonly events: BookingEvents; readonly requests: BookingRequests };
  readonly conversation: { readonly events: ConversationEvents; readonly requests: ConversationRequests };
  readonly direct: { readonly events: DirectEvents; readonly requests: DirectRequests };
  readonly appointment: { readonly events: AppointmentEvents; readonly requests: AppointmentRequests };
  readonly support: { readonly events: SupportEvents; readonly requests: SupportRequests };
};

export type DialectName = keyof Vocabularies;

export type EventName<D extends DialectName> = keyof Vocabularies[D]['events'] & string;
export type EventOf<D extends DialectName, K extends EventName<D>> = Vocabularies[D]['events'][K];

export type RequestName<D extends DialectName> = keyof Vocabularies[D]['requests'] & string;

type RequestOf<D extends DialectName, K extends RequestName<D>> = Vocabularies[D]['requests'][K];
export type PayloadOf<D extends DialectName, K extends RequestName<D>> =
  RequestOf<D, K> extends { readonly payload: infer Payload } ? Payload : never;
export type ReplyOf<D extends DialectName, K extends RequestName<D>> =
  RequestOf<D, K> extends { readonly reply: infer Reply } ? Reply : never;
