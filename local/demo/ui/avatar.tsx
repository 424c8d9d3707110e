const TINTS = 6;
const LETTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

type Props = {
  readonly userId: string;
  readonly name: string;
  readonly size?: 'small' | 'large';
  readonly isOnline?: boolean;
};

/** A person's initials on a colour of their own; who it is, the text beside it says. */
export function Avatar({ userId, name, size, isOnline = false }: Props) {
  const classes = ['avatar', `tint-${tintOf(userId)}`, size].filter(Boolean).join(' ');
  return (
    <span className={classes}>
      <span aria-hidden="true">{initialsOf(name)}</span>
      {isOnline && (
        <span className="presence">
          <span className="unseen">Online</span>
        </span>
      )}
    </span>
  );
}

function tintOf(userId: string): number {
  let sum = 0;
  for (const character of userId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % TINTS;
}

function initialsOf(name: string): string {
  const words = name.replace(/^(Dr|Prof)\.? /, '').split(/\s+/);
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return `${initialOf(first)}${initialOf(last)}`.toUpperCase();
}

/** A letter with its accents, or a whole emoji. */
function initialOf(word: string): string {
  const [first] = LETTERS.segment(word);
  return first?.segment ?? '';
}
