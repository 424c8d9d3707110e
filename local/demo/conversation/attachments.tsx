import type { Attachment } from '../../../client/sdk/types.ts';
import { Icon } from '../ui/icon.tsx';

/** The files that a message refers to: links to where the platform, or anybody, keeps them. */
export function Attachments({ attachments }: { readonly attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className="attachments" aria-label="Attachments">
      {attachments.map((attachment) => (
        <li key={attachment.url}>
          <a className="attachment" href={attachment.url} target="_blank" rel="noopener noreferrer nofollow">
            <Icon name="link" />
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

/** The name that was given, or else the last part of the address. */
export function nameOf({ filename, url }: Attachment): string {
  return filename ?? (new URL(url).pathname.split('/').findLast((part) => part !== '') || hostOf(url));
}

function hostOf(url: string): string {
  return new URL(url).host;
}
