import type { Attachment } from '../../../client/sdk/types.ts';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { iconOf, nameOf } from './attachments.tsx';

type Props = {
  readonly attachments: readonly Attachment[];
  readonly setAttachments: (attachments: readonly Attachment[]) => void;
};

/** What will go with the message. */
export function Attached({ attachments, setAttachments }: Props) {
  if (attachments.length === 0) return null;
  return (
    <ul className="attached" aria-label="To be attached">
      {attachments.map((attachment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: One may be there twice.
        <li key={index} className="attached-one">
          <Icon name={iconOf(attachment)} />
          <span className="attachment-name">{nameOf(attachment)}</span>
          <IconButton
            icon="close"
            label={`Remove ${nameOf(attachment)}`}
            onClick={() => setAttachments(attachments.filter((one) => one !== attachment))}
          />
        </li>
      ))}
    </ul>
  );
}
