import type { Attachment } from '../../../client/sdk/types.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

const PICTURE = /\.(avif|gif|jpe?g|png|svg|webp)$/i;

/** The files that a message refers to: links to where the platform, or anybody, keeps them. */
export function Attachments({ attachments }: { readonly attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className="attachments" aria-label="Attachments">
      {attachments.map((attachment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: They never change places, and one may be there twice.
        <li key={index}>
          <a className="attachment" href={attachment.url} target="_blank" rel="noopener noreferrer nofollow">
            <Icon name={iconOf(attachment)} />
            <span className="attachment-words">
              <span className="attachment-name">{nameOf(attachment)}</span>
              <span className="attachment-host">{hostOf(attachment.url)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** A picture looks like one, whether its type was told or its name says it. */
export function iconOf({ mimetype = '', filename, url }: Attachment): IconName {
  const isPicture = mimetype.startsWith('image/') || PICTURE.test(filename ?? new URL(url).pathname);
  return isPicture ? 'picture' : 'link';
}

/** The name that was given, or else the last part of the address. */
export function nameOf({ filename, url }: Attachment): string {
  return filename ?? (new URL(url).pathname.split('/').findLast((part) => part !== '') || hostOf(url));
}

function hostOf(url: string): string {
  return new URL(url).host;
}
