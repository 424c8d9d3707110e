import { type KeyboardEvent, useId, useState } from 'react';
import type { Attachment } from '../../../client/sdk/types.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useDisclosure } from '../ui/use-disclosure.ts';

/** Asks for the address of a file, which stays where it is: the platform keeps files, Parley names them. */
export function AttachLink({ attach }: { readonly attach: (attachment: Attachment) => void }) {
  const { isOpen, toggle, close, root, button } = useDisclosure();
  const panelId = useId();
  return (
    <div className="attach" ref={root}>
      <IconButton
        ref={button}
        icon="link"
        label="Attach a link"
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        onClick={toggle}
      />
      {isOpen && (
        <LinkForm
          id={panelId}
          attach={(attachment) => {
            close();
            attach(attachment);
          }}
        />
      )}
    </div>
  );
}

type FormProps = { readonly id: string; readonly attach: (attachment: Attachment) => void };

/** No form of its own, as it stands within the message's: Enter adds the link. */
function LinkForm({ id, attach }: FormProps) {
  const [url, setUrl] = useState('');
  const [filename, setFilename] = useState('');
  const isAddress = /^https?:\/\//.test(url.trim()) && URL.canParse(url.trim());
  const add = () => {
    const name = filename.trim();
    if (isAddress) attach({ url: new URL(url.trim()).href, ...(name !== '' && { filename: name }) });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  return (
    <fieldset className="menu link-form" id={id} onKeyDown={press}>
      <legend className="unseen">Attach a link</legend>
      <label>
        Address
        <input
          className="field"
          type="url"
          placeholder="https://"
          value={url}
          // biome-ignore lint/a11y/noAutofocus: It was asked for by the press of a button.
          autoFocus
          onChange={({ target }) => setUrl(target.value)}
        />
      </label>
      <label>
        Name
        <input
          className="field"
          value={filename}
          placeholder="Optional"
          onChange={({ target }) => setFilename(target.value)}
        />
      </label>
      <button type="button" className="button primary" disabled={!isAddress} onClick={add}>
        Attach
      </button>
    </fieldset>
  );
}
