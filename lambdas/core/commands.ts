import type { Conversation, Message, Role } from './conversation.ts';
import type { BookingId, MessageId } from './ids.ts';

/** How an event names a conversation. */
export type ConversationRef = { readonly bookingId: BookingId };

/** Every verb: what it is told and what it answers. A dialect's events turn into these. */
export type Verbs = {
  readonly 'publish-message': {
    readonly command: {
      readonly to: ConversationRef;
      readonly content: string;
      /** The side the sender claims to speak for; derived when left out. */
      readonly role?: Role;
      readonly clientMessageId?: string;
    };
    readonly reply: { readonly message: Message };
  };
  readonly 'join-conversation': {
    readonly command: { readonly to: ConversationRef };
    readonly reply: { readonly conversation: Conversation };
  };
  readonly 'leave-conversation': {
    readonly command: { readonly to: ConversationRef };
    readonly reply: object;
  };
  readonly 'mark-read': {
    readonly command: { readonly messageIds: readonly MessageId[] };
    readonly reply: { readonly messageIds: readonly MessageId[] };
  };
  readonly 'set-typing': {
    readonly command: { readonly to: ConversationRef; readonly isTyping: boolean };
    readonly reply: object;
  };
};

export type VerbName = keyof Verbs;
export type CommandOf<K extends VerbName> = Verbs[K]['command'];
export type ReplyOf<K extends VerbName> = Verbs[K]['reply'];
