import type { ReactNode } from 'react';

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** A message's text as it was sent, its addresses as links. */
export function MessageText({ content }: { readonly content: string }) {
  return (
    <p className="text" dir="auto">
      {linked(content)}
    </p>
  );
}

function linked(content: string): readonly ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const { 0: address, index } of content.matchAll(LINK)) {
    parts.push(content.slice(from, index), <Away key={index} address={address} />);
    from = index + address.length;
  }
  return [...parts, content.slice(from)];
}

function Away({ address }: { readonly address: string }) {
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {address}
    </a>
  );
}
