import { useTalk } from './talk.ts';

/** Who is writing. Its place is kept free, so that nothing jumps when somebody begins. */
export function TypingLine() {
  const { conversation, nameOf } = useTalk();
  const names = conversation.typing.map(nameOf);
  return (
    <p className="typing-line" role="status">
      {names.length > 0 && (
        <>
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {names.length === 1 ? `${names[0]} is typing` : `${names.join(', ')} are typing`}
        </>
      )}
    </p>
  );
}
